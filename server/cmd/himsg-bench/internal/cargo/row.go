package cargo

import (
	"fmt"

	"himsg/server/cmd/himsg-bench/internal/table"
)

// Row is what a result shows in the table of all measurements.
func Row(r Result) []table.Row {
	return []table.Row{{
		Work: fmt.Sprintf("file %s, %d × %d MiB", r.Work, r.AtOnce, r.MiB), Database: r.Database, Unit: "MB/s", Ours: r.Ours, Limit: r.Limit,
		LimitIs: r.Beside, Goal: table.Goal{Ratio: true, Value: r.Goal},
	}}
}
