/** The pictures of the fake bridge, drawn from their names: the same name gives the same picture. */
import { random } from './talk';

const skies = ['#7db9e8,#e8f1f8', '#f4a261,#fde7c8', '#5a6fb0,#d9c6e8', '#88c9a1,#eef7e6', '#31436b,#c58fa0'];
const hills = ['#2f5d50', '#47624f', '#5b4a6f', '#6a5a3c', '#2c4a6e'];

/** Where the size of a picture stands in its file_id or handle: photo-7-1600x1200. */
const sized = /-(\d+)x(\d+)/;

/** An address that an img can show, for one of the core's paths; of other paths one that fails as there. */
export function pictureUrl(path: string): string {
  const [, kind, id = '', side = ''] = path.split('/');
  const found = sized.exec(id);
  if (!found || (kind !== 'thumbnail' && kind !== 'image' && kind !== 'held')) return 'data:,';
  const [width, height] = [Number(found[1]), Number(found[2])];
  const scale = Math.min(1, (side === '' ? 1_600 : Number(side)) / Math.max(width, height));
  return `data:image/svg+xml,${encodeURIComponent(landscape(id, width * scale, height * scale))}`;
}

function landscape(id: string, width: number, height: number): string {
  const seed = [...id].reduce((sum, letter) => sum * 31 + (letter.codePointAt(0) ?? 0), 7) % 99_991;
  const roll = random(seed);
  const pick = (from: readonly string[]) => from[Math.floor(roll() * from.length)] ?? '';
  const [top = '', bottom = ''] = pick(skies).split(',');
  const ridge = (base: number) =>
    Array.from({ length: 7 }, (_, i) => `${Math.round((i / 6) * 100)},${Math.round(base - roll() * 22)}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${Math.round(width)}" height="${Math.round(height)}" viewBox="0 0 100 100" preserveAspectRatio="none">
<defs><linearGradient id="s" x2="0" y2="1"><stop stop-color="${top}"/><stop offset="1" stop-color="${bottom}"/></linearGradient></defs>
<rect width="100" height="100" fill="url(#s)"/><circle cx="${Math.round(20 + roll() * 60)}" cy="26" r="7" fill="#fff6d8"/>
<polygon points="0,100 ${ridge(72)} 100,100" fill="${pick(hills)}" opacity=".6"/><polygon points="0,100 ${ridge(90)} 100,100" fill="${pick(hills)}"/></svg>`;
}
