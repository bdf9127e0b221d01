// Two photos, one over the other: a seam to drag, zoom and pan, and a box around one garment.
// The photos arrive as bytes and stay in this tab; only the box is sent to the server.
const STEP = 1.25; // of a press on + or −
const SIDES = ["before", "after"];

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".zoom");
  root.viewer ??= createViewer(root);
  root.viewer.show(unpack(data), (box) => setStateValue("crop", box));
  return () => root.viewer?.close();
}

// As ui/photo_pack.py packs it: what is said of the photos, the one before, the one after.
function unpack(bytes) {
  const numbers = new DataView(bytes.buffer, bytes.byteOffset);
  const said = 4 + numbers.getUint32(0, true);
  const first = said + 4 + numbers.getUint32(said, true);
  const words = JSON.parse(new TextDecoder().decode(bytes.subarray(4, said)));
  return { ...words, files: [bytes.subarray(said + 4, first), bytes.subarray(first)] };
}

function createViewer(root) {
  const find = (selector) => root.querySelector(selector);
  const stage = find(".stage");
  const seam = find(".seam input");
  const images = SIDES.map((side) => find(`.${side} img`));
  const view = createView(stage, images, () => {
    box.place();
    stage.style.touchAction = view.isFitted ? "pan-y" : "none";
    root.classList.toggle("boxed", Boolean(box.get()));
    find(".full").textContent = view.percent();
    find(".full").setAttribute("aria-label", `Zoom ${view.percent()}, show one to one`);
  });
  const box = createBox(find(".crop"), view);
  let words = {};

  function moveSeam(share) {
    seam.value = clamp(Math.round(share * 100), 0, 100);
    stage.style.setProperty("--at", `${seam.value}%`);
    seam.setAttribute("aria-valuetext", `${seam.value} % ${words.before}`);
  }

  function forget() {
    images.forEach((image) => URL.revokeObjectURL(image.src));
  }

  function show({ files, ...said }, send) {
    const isSamePhoto = said.photo === words.photo;
    if (!isSamePhoto || said.made !== words.made) {
      forget();
      files.forEach((file, number) => { images[number].src = URL.createObjectURL(new Blob([file])); });
    }
    words = said;
    SIDES.forEach((side, number) => { images[number].alt = `${said.name}, ${said[side]}`; });
    find(".tag.left").textContent = said.before;
    find(".tag.right").textContent = said.after;
    stage.setAttribute("aria-label", `${said.name}: + and − zoom, arrow keys move`);
    seam.setAttribute("aria-label", `How much is ${said.before}, from the left`);
    [view.width, view.height] = said.size;
    stage.style.aspectRatio = clamp(view.width / view.height, 0.75, 2.4);
    if (!isSamePhoto) view.isFitted = true;
    box.show(said.photo, send);
    view.place();
    moveSeam(seam.value / 100);
  }

  const listening = new AbortController();
  listenToPointers(stage, view, box, moveSeam, listening.signal);
  listenToKeys(stage, view, box, find);
  seam.oninput = () => moveSeam(seam.value / 100);
  find(".in").onclick = () => view.zoomTo(view.scale * STEP);
  find(".out").onclick = () => view.zoomTo(view.scale / STEP);
  find(".fit").onclick = () => view.zoomTo(view.fitted());
  find(".full").onclick = () => view.zoomTo(view.pixel());
  find(".cut").onclick = () => {
    box.toggle();
    view.place();
    if (box.get()) find(".crop").focus({ focusVisible: false });
  };
  const watcher = new ResizeObserver(view.place);
  watcher.observe(stage);
  function close() {
    watcher.disconnect();
    listening.abort();
    forget();
    delete root.viewer;
  }
  return { show, close };
}

function listenToKeys(stage, view, box, find) {
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  const buttons = { "+": ".in", "=": ".in", "-": ".out", 0: ".fit", 1: ".full" };
  stage.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const button = event.key === "Escape" && box.get() ? ".cut" : buttons[event.key];
    const way = event.target.closest(".seam") ? null : ways[event.key];
    if (!button && !way) return;
    event.preventDefault();
    if (button) find(button).click();
    else if (!event.target.closest(".crop")) view.moveTo(view.x - way[0] * 60, view.y - way[1] * 60);
    else {
      const [right, down] = way.map((step) => step * 0.02);
      if (event.shiftKey) box.stretch(box.get(), "bottom right", right, down);
      else box.move(box.get(), right, down);
      box.tellSoon();
    }
  };
}
