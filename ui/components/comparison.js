// Two pictures, one over the other, and a seam to drag. Nothing is sent to the server.
export default function ({ data, parentElement }) {
  const find = (selector) => parentElement.querySelector(selector);
  const input = find("input");
  for (const side of ["before", "after"]) {
    const image = find(`img.${side}`);
    image.src = data[side].src;
    image.alt = data[side].alt;
  }
  find(".tag.left").textContent = data.before.label;
  find(".tag.right").textContent = data.after.label;
  input.setAttribute("aria-label", `How much is ${data.before.label}, from the left`);
  const move = () => {
    find(".comparison").style.setProperty("--at", `${input.value}%`);
    input.setAttribute("aria-valuetext", `${input.value} % ${data.before.label}`);
  };
  input.oninput = move;
  move();
}
