// Copies the address of the page, which holds everything chosen.
export default function ({ parentElement }) {
  const status = parentElement.querySelector("span");
  parentElement.querySelector("button").onclick = async () => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      status.textContent = "Copied";
    } catch {
      status.textContent = "Copy it from the address bar";
    }
    setTimeout(() => { status.textContent = ""; }, 2500);
  };
}
