package reads

import (
	"fmt"

	"himsg/server/cmd/himsg-bench/internal/table"
)

// Rows are what a result shows in the table of all measurements.
func Rows(r Result) []table.Row {
	work := fmt.Sprintf("everyone reads, %d members", r.Members)
	return []table.Row{
		{Work: work + ", events each", Database: r.Database, Unit: "events", Ours: r.Events, Goal: table.Goal{AtMost: true, Value: goalEvents}},
		{Work: work + ", all know", Database: r.Database, Unit: "s", Ours: r.P50, Goal: table.Goal{AtMost: true, Value: goalSeconds}},
	}
}
