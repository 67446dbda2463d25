package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"himsg/server/internal/app"
	"himsg/server/internal/config"
	"himsg/server/internal/directory"
	"himsg/server/internal/model"
	"himsg/shared/wire"
)

// shownProblems is how many refused rows are printed.
const shownProblems = 20

// importPeople compares a file and applies it. Who may run this on the server's data may do anything anyway.
func importPeople(ctx context.Context, c *config.CLI, t terminal) (err error) {
	file, err := os.Open(c.Import.File) //nolint:gosec // whoever runs the command says which file to read
	if err != nil {
		return fmt.Errorf("open the file: %w", err)
	}
	defer func() { _ = file.Close() }() // it was only read
	log := logger(t, c.Import.Store)
	data, err := app.OpenData(ctx, c.Import.Store, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.DB.Close()) }()
	people := app.People(data, log)
	defer people.Close()
	self := model.Actor{Role: wire.RoleOwner}
	made, err := people.StartImport(ctx, self, file)
	if err != nil {
		return err
	}
	people.Wait()
	if err := report(ctx, people, self, made.ImportUUID, t); err != nil {
		return err
	}
	if c.Import.DryRun {
		return people.EndImport(ctx, self, made.ImportUUID)
	}
	if _, err := people.ApplyImport(ctx, self, made.ImportUUID); err != nil {
		return err
	}
	people.Wait()
	return report(ctx, people, self, made.ImportUUID, t)
}

// report prints where an import stands. An import that failed is an error.
func report(ctx context.Context, people *directory.Service, self model.Actor, importUUID string, t terminal) error {
	at, err := people.Import(ctx, self, importUUID)
	if err != nil {
		return err
	}
	if at.Failure != "" {
		return errors.New(at.Failure)
	}
	fmt.Fprintf(t.out, "%s: %d rows", at.State, at.Total)
	for _, fate := range slices.Sorted(maps.Keys(at.Counts)) {
		fmt.Fprintf(t.out, ", %d %s", at.Counts[fate], fate)
	}
	fmt.Fprintf(t.out, " (import %s)\n", importUUID)
	for _, column := range at.IgnoredColumns {
		fmt.Fprintf(t.out, "column %q is not known\n", column)
	}
	refused, err := people.ImportRows(ctx, self, importUUID, 0, wire.RowError, shownProblems)
	if err != nil {
		return err
	}
	for _, row := range refused.Rows {
		for _, problem := range row.Problems {
			fmt.Fprintf(t.out, "row %d: %s: %s\n", row.Row, problem.Field, problem.Reason)
		}
	}
	return nil
}
