import styles from './chart.module.css';
import { axisEnd, type Point } from './figures';

export interface ChartProps {
  kind: 'bars' | 'line';
  points: readonly Point[];
  /** What the chart is about, for who does not see it; the table beside it has the figures. */
  label: string;
  /** The head of the table's columns. */
  when: string;
  many: string;
  /** What stands at the time of a point, and whether it stands under the chart too. */
  name: (point: Point) => string;
  marked: (point: Point, index: number) => boolean;
  number: (value: number) => string;
  /** Points from this time on are drawn pale. */
  paleFrom?: number;
}

const width = 440;
const height = 180;
const left = 44;
const bottom = 24;
const top = 8;

/** A chart of figures over time, drawn for the eye, with the same figures as a table for a screen reader. */
export function Chart(props: ChartProps) {
  const { points, label, when, many, name, number } = props;
  return (
    <figure className={styles.chart}>
      <Drawing {...props} />
      <table className={styles.spoken} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{when}</th>
            <th scope="col">{many}</th>
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.at}>
              <th scope="row">{name(point)}</th>
              <td>{number(point.value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </figure>
  );
}

function Drawing({ kind, points, name, marked, number, paleFrom = Infinity }: ChartProps) {
  const end = axisEnd(points.map(({ value }) => value));
  const step = (width - left) / Math.max(1, points.length);
  const y = (value: number) => top + (height - top - bottom) * (1 - value / end);
  const middle = (index: number) => left + step * (index + 0.5);
  return (
    <svg className={styles.drawing} viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
      {[0, end / 2, end].map((value) => (
        <g key={value}>
          <line className={styles.grid} x1={left} x2={width} y1={y(value)} y2={y(value)} />
          <text className={styles.mark} x={left - 6} y={y(value) + 4} textAnchor="end">
            {number(value)}
          </text>
        </g>
      ))}
      {kind === 'bars' &&
        points.map((point, index) => (
          <rect
            key={point.at}
            className={point.at < paleFrom ? styles.bar : styles.pale}
            x={left + step * index + step * 0.18}
            width={step * 0.64}
            y={y(point.value)}
            height={y(0) - y(point.value)}
            rx={Math.min(3, step * 0.2)}
          />
        ))}
      {kind === 'line' && (
        <polyline
          className={styles.line}
          points={points.map((point, index) => `${middle(index)},${y(point.value)}`).join(' ')}
        />
      )}
      {points.map(
        (point, index) =>
          marked(point, index) && (
            <text key={point.at} className={styles.mark} x={middle(index)} y={height - 6} textAnchor="middle">
              {name(point)}
            </text>
          ),
      )}
    </svg>
  );
}
