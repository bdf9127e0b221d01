// Copies the address of the page, which holds everything chosen, without what is not to be shared.
export default function ({ parentElement, data }) {
  const status = parentElement.querySelector("span");
  parentElement.querySelector("button").onclick = async () => {
    try {
      const address = new URL(window.location.href);
      (data?.without ?? []).forEach((name) => address.searchParams.delete(name));
      await navigator.clipboard.writeText(data?.without ? address.href : window.location.href);
      status.textContent = "Copied";
    } catch {
      status.textContent = "Copy it from the address bar";
    }
    setTimeout(() => { status.textContent = ""; }, 2500);
  };
}
