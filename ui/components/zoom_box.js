// The box around the part of a photo that is classified, in shares of its width and height.
const LEAST_SIDE = 0.04;
const PAUSE = 500; // ms without a key before the box is sent

function createBox(element, view) {
  const boxes = new Map(); // of each photo, kept while others are looked at
  let photo = "";
  let sent = "null";
  let waiting = 0;

  const box = {
    send: () => {},
    get: () => boxes.get(photo),

    // The server knows one box, the last that was sent.
    show(name, send) {
      [photo, box.send] = [name, send];
      if (box.get()) box.tell();
    },

    tell() {
      clearTimeout(waiting);
      const now = box.get() ?? null;
      if (JSON.stringify(now) === sent) return;
      sent = JSON.stringify(now);
      box.send(now);
    },

    tellSoon() {
      clearTimeout(waiting);
      waiting = setTimeout(box.tell, PAUSE);
    },

    toggle() {
      if (box.get()) boxes.delete(photo);
      else box.set(0.2, 0.15, 0.8, 0.85);
      box.place();
      box.tell();
    },

    set(left, top, right, bottom) {
      const [x, y, width, height] = [left, top, right - left, bottom - top].map(
        (share) => Math.round(share * 1e4) / 1e4,
      );
      boxes.set(photo, { photo, left: x, top: y, width, height });
      box.place();
    },

    move(start, right, down) {
      const left = clamp(start.left + right, 0, 1 - start.width);
      const top = clamp(start.top + down, 0, 1 - start.height);
      box.set(left, top, left + start.width, top + start.height);
    },

    stretch(start, corner, right, down) {
      let [left, top] = [start.left, start.top];
      let [end, bottom] = [left + start.width, top + start.height];
      if (corner.includes("left")) left = clamp(left + right, 0, end - LEAST_SIDE);
      else end = clamp(end + right, left + LEAST_SIDE, 1);
      if (corner.includes("top")) top = clamp(top + down, 0, bottom - LEAST_SIDE);
      else bottom = clamp(bottom + down, top + LEAST_SIDE, 1);
      box.set(left, top, end, bottom);
    },

    place() {
      const now = box.get();
      element.hidden = !now;
      if (!now) return;
      const [width, height] = [view.width * view.scale, view.height * view.scale];
      element.style.left = `${view.x + now.left * width}px`;
      element.style.top = `${view.y + now.top * height}px`;
      element.style.width = `${now.width * width}px`;
      element.style.height = `${now.height * height}px`;
    },
  };
  return box;
}
