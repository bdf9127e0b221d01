// Pictures to pick from. All lie on one sheet; a click sends the number of the picture.
export default function ({ data, parentElement, setTriggerValue }) {
  const gallery = parentElement.querySelector(".gallery");
  const { pictures, sheet, columns } = data;
  gallery.classList.toggle("photos", data.look === "photos");
  const rows = Math.ceil(pictures.length / columns);
  gallery.setAttribute("aria-label", data.label);
  while (gallery.children.length > pictures.length) gallery.lastChild.remove();
  while (gallery.children.length < pictures.length) {
    gallery.append(document.createElement("button"));
  }
  pictures.forEach(({ id, name, picked }, number) => {
    const button = gallery.children[number];
    const column = number % columns;
    const row = Math.floor(number / columns);
    button.type = "button";
    button.title = name;
    button.setAttribute("aria-label", name);
    button.setAttribute("aria-pressed", String(picked));
    button.style.backgroundImage = `url(${sheet})`;
    button.style.backgroundSize = `${columns * 100}% ${rows * 100}%`;
    button.style.backgroundPosition =
      `${(column / Math.max(columns - 1, 1)) * 100}% ${(row / Math.max(rows - 1, 1)) * 100}%`;
    button.onclick = () => setTriggerValue("picked", id);
  });
}
