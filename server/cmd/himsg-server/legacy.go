package main

import (
	"context"
	"errors"
	"fmt"

	"himsg/server/internal/app"
	"himsg/server/internal/config"
)

// shownRows is how many rows of each kind of problem are printed; all are in the report's files.
const shownRows = 10

// importLegacy moves an original Hi_Msg. It prints what came, and what did not and why, also when it failed.
func importLegacy(ctx context.Context, c *config.CLI, t terminal) error {
	report, err := app.ImportLegacy(ctx, c.Legacy, app.SystemClock(), logger(t, c.Legacy.Store), progress(t.out))
	if report == nil {
		return err
	}
	err = errors.Join(err, report.Say(t.out, c.Legacy.Language, shownRows))
	if c.Legacy.Report != "" {
		if failed := report.Write(c.Legacy.Report); failed != nil {
			return errors.Join(err, failed)
		}
		fmt.Fprintf(t.out, "report: %s\n", c.Legacy.Report)
	}
	if err == nil && report.Stops() {
		err = errors.New("nothing can be imported before what STOPS it is settled")
	}
	return err
}
