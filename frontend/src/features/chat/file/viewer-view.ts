/** How the viewer shows a picture: fitted or at a scale, moved, turned. Pure. */

/** What is shown of a picture. Scale 0: as large as the window allows, and never larger than it is. */
export interface View {
  scale: number;
  x: number;
  y: number;
  /** Quarter turns to the right, 0 to 3. */
  turns: number;
}

/** A picture as it is first shown. */
export const fitted: View = { scale: 0, x: 0, y: 0, turns: 0 };

const smallest = 0.1;
const largest = 8;
const step = 1.25;

export interface Sizes {
  picture: { width: number; height: number };
  window: { width: number; height: number };
}

/** The scale at which a whole picture is in view. */
export function fitScale({ picture, window }: Sizes, turns: number): number {
  const [width, height] = turns % 2 === 0 ? [picture.width, picture.height] : [picture.height, picture.width];
  if (width <= 0 || height <= 0) return 1;
  return Math.min(1, window.width / width, window.height / height);
}

/** The scale that a view has. */
export function scaleOf(view: View, sizes: Sizes): number {
  return view.scale || fitScale(sizes, view.turns);
}

/** Nearer (1) or farther (-1), around a point counted from the middle of the window, which stays where it is. */
export function zoomed(view: View, sizes: Sizes, by: 1 | -1, at = { x: 0, y: 0 }): View {
  const old = scaleOf(view, sizes);
  const scale = Math.min(largest, Math.max(smallest, by > 0 ? old * step : old / step));
  const grown = scale / old;
  return kept({ ...view, scale, x: at.x - (at.x - view.x) * grown, y: at.y - (at.y - view.y) * grown }, sizes);
}

/** Moved by so many pixels. */
export function moved(view: View, sizes: Sizes, x: number, y: number): View {
  return kept({ ...view, x: view.x + x, y: view.y + y }, sizes);
}

/** Turned to the right, and fitted again. */
export function turned(view: View): View {
  return { ...fitted, turns: (view.turns + 1) % 4 };
}

/** At its own size, or fitted again when it has that. */
export function toggled(view: View, sizes: Sizes): View {
  return { ...fitted, turns: view.turns, scale: scaleOf(view, sizes) === 1 && view.scale !== 0 ? 0 : 1 };
}

/** No picture leaves the window: its edge comes no farther than the window's. */
function kept(view: View, sizes: Sizes): View {
  const scale = scaleOf(view, sizes);
  const { picture, window } = sizes;
  const [width, height] = view.turns % 2 === 0 ? [picture.width, picture.height] : [picture.height, picture.width];
  return {
    ...view,
    x: within(view.x, reach(width * scale, window.width)),
    y: within(view.y, reach(height * scale, window.height)),
  };
}

/** How far something may be moved from the middle. */
function reach(size: number, room: number): number {
  return Math.max(0, (size - room) / 2);
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value)) || 0; // no -0
}
