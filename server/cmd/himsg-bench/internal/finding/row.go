package finding

import (
	"fmt"

	"himsg/server/cmd/himsg-bench/internal/table"
)

// Goals of a search, in milliseconds: of somebody in some rooms, and of somebody in many.
const (
	goalFew  = 50
	goalMany = 100
	many     = 500 // rooms
)

// Row is what a result shows in the table of all measurements.
func Row(r Result) []table.Row {
	goal := table.Goal{AtMost: true, Value: goalFew}
	if r.Rooms >= many {
		goal.Value = goalMany
	}
	return []table.Row{{
		Work: fmt.Sprintf("search, %s, %d rooms, p99", r.Word, r.Rooms), Database: r.Database, Unit: "ms", Ours: r.P99, Goal: goal,
	}}
}
