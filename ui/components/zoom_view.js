// Where a photo lies on the stage: how large and how far off.
const MOST_ZOOM = 8; // screen pixels to a pixel of the photo, each way
const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

function createView(stage, images, onPlaced) {
  const view = {
    width: 1, // of the photo in pixels
    height: 1,
    scale: 1,
    x: 0, // of the photo's corner on the stage
    y: 0,
    isFitted: true,
    fitted: () => Math.min(stage.clientWidth / view.width, stage.clientHeight / view.height),
    pixel: () => 1 / window.devicePixelRatio, // the scale that shows one pixel by one pixel
    percent: () => `${Math.round((view.scale / view.pixel()) * 100)} %`,

    zoomTo(wanted, atX = stage.clientWidth / 2, atY = stage.clientHeight / 2) {
      const most = Math.max(MOST_ZOOM * view.pixel(), view.fitted() * 4);
      const next = clamp(wanted, view.fitted(), most);
      view.x = atX - ((atX - view.x) * next) / view.scale;
      view.y = atY - ((atY - view.y) * next) / view.scale;
      view.scale = next;
      view.isFitted = next < view.fitted() * 1.001;
      view.place();
    },

    moveTo(x, y) {
      [view.x, view.y] = [x, y];
      view.place();
    },

    place() {
      view.isFitted ||= view.scale < view.fitted();
      if (view.isFitted) view.scale = view.fitted();
      const [width, height] = [view.width * view.scale, view.height * view.scale];
      const [right, down] = [stage.clientWidth - width, stage.clientHeight - height];
      view.x = right > 0 ? right / 2 : clamp(view.x, right, 0);
      view.y = down > 0 ? down / 2 : clamp(view.y, down, 0);
      for (const image of images) {
        image.style.width = `${width}px`;
        image.style.height = `${height}px`;
        image.style.transform = `translate(${view.x}px, ${view.y}px)`;
      }
      stage.classList.toggle("zoomed", !view.isFitted);
      stage.classList.toggle("pixels", view.scale > 1.9 * view.pixel());
      onPlaced();
    },
  };
  return view;
}
