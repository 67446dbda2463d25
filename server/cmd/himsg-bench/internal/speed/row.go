package speed

import "himsg/server/cmd/himsg-bench/internal/table"

// Row is what a result shows in the table of all measurements.
func Row(r Result) []table.Row {
	row := func(what, unit string, ours float64, goal table.Goal) table.Row {
		return table.Row{Work: r.Work + what, Database: r.Database, Unit: unit, Ours: ours, Goal: goal}
	}
	if r.Bare != nil { // the quiet one
		most := table.Goal{AtMost: true, Value: 2.5}
		rows := []table.Row{
			row(", acknowledged, p50", "ms", r.AckP50, table.Goal{}), row(", acknowledged, p99", "ms", r.AckP99, most),
			row(", received, p50", "ms", r.ReceivedP50, table.Goal{}), row(", received, p99", "ms", r.ReceivedP99, most),
		}
		for i, limit := range []float64{r.Bare.AckP50, r.Bare.AckP99, r.Bare.ReceivedP50, r.Bare.ReceivedP99} {
			rows[i].Limit, rows[i].LimitIs = limit, "one fsync, two hops"
		}
		return rows
	}
	full := row("", "messages/s", r.PerSecond, table.Goal{Ratio: true, Value: 0.5})
	full.Limit, full.LimitIs = r.Limit, "bare group insert"
	return []table.Row{full, row(", received, p99", "ms", r.ReceivedP99, table.Goal{AtMost: true, Value: 100})}
}
