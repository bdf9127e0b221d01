// Mouse, fingers and wheel on the stage: each press begins one gesture.
const SLACK = 8; // px that a finger may slip

function listenToPointers(stage, view, box, moveSeam, signal) {
  const pointers = new Map();
  let gesture = null;
  let isMeant = false; // the wheel zooms if the pointer was moved here, not if the page scrolled

  const place = (event) => {
    const area = stage.getBoundingClientRect();
    return { x: event.clientX - area.left - stage.clientLeft, y: event.clientY - area.top - stage.clientTop };
  };
  const pinch = () => {
    const [one, other] = pointers.values();
    const gap = Math.max(Math.hypot(one.x - other.x, one.y - other.y), 1);
    return { kind: "pinch", gap, x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
  };

  function begin(target, at, isTouch) {
    if (target.closest(".crop")) {
      return { kind: "box", at, corner: target.dataset.corner, start: box.get() };
    }
    if (!view.isFitted && !target.closest(".seam")) return { kind: "pan", at, x: view.x, y: view.y };
    // A finger may be setting out to scroll the page: the seam waits until it goes sideways.
    const waits = isTouch && !target.closest(".seam");
    if (!waits) moveSeam(at.x / stage.clientWidth);
    return { kind: "seam", at, waits };
  }

  stage.onpointerdown = (event) => {
    if (event.button) return;
    pointers.set(event.pointerId, place(event));
    stage.setPointerCapture(event.pointerId);
    const isTouch = event.pointerType === "touch";
    gesture = pointers.size === 2 ? pinch() : begin(event.target, place(event), isTouch);
  };

  const go = {
    pinch() {
      if (pointers.size !== 2) return;
      const now = pinch();
      view.moveTo(view.x + now.x - gesture.x, view.y + now.y - gesture.y);
      view.zoomTo((view.scale * now.gap) / gesture.gap, now.x, now.y);
      gesture = now;
    },
    seam(at) {
      if (Math.abs(at.x - gesture.at.x) > SLACK) gesture.waits = false;
      if (!gesture.waits) moveSeam(at.x / stage.clientWidth);
    },
    pan: (at) => view.moveTo(gesture.x + at.x - gesture.at.x, gesture.y + at.y - gesture.at.y),
    box(at) {
      const right = (at.x - gesture.at.x) / (view.width * view.scale);
      const down = (at.y - gesture.at.y) / (view.height * view.scale);
      if (gesture.corner) box.stretch(gesture.start, gesture.corner, right, down);
      else box.move(gesture.start, right, down);
    },
  };

  stage.onpointermove = (event) => {
    if (event.movementX || event.movementY) isMeant = true;
    if (!gesture || !pointers.has(event.pointerId)) return;
    pointers.set(event.pointerId, place(event));
    go[gesture.kind](place(event));
  };

  stage.onpointerup = stage.onpointercancel = (event) => {
    pointers.delete(event.pointerId);
    if (gesture?.kind === "seam" && event.type === "pointerup") moveSeam(place(event).x / stage.clientWidth);
    if (gesture?.kind === "box") box.tell();
    gesture = null;
  };

  stage.ondblclick = (event) => {
    if (event.target.closest(".crop, .seam")) return;
    const at = place(event);
    view.zoomTo(view.isFitted ? Math.max(view.pixel(), view.scale * 2) : view.fitted(), at.x, at.y);
  };

  stage.onwheel = (event) => {
    const isPinch = event.ctrlKey; // two fingers on a touchpad
    if (!(isMeant || isPinch) || (view.isFitted && event.deltaY > 0)) return;
    event.preventDefault();
    const speed = (isPinch ? 0.01 : 0.002) * (event.deltaMode ? 20 : 1);
    const at = place(event);
    view.zoomTo(view.scale * Math.exp(-event.deltaY * speed), at.x, at.y);
  };
  stage.onpointerleave = () => { isMeant = false; };
  document.addEventListener("scroll", () => { isMeant = false; }, { capture: true, signal });
  // Two fingers are for the photo, also where one scrolls the page.
  const hold = (event) => event.touches.length > 1 && event.preventDefault();
  stage.addEventListener("touchmove", hold, { passive: false, signal });
  stage.addEventListener("touchstart", hold, { passive: false, signal });
}
