package main

import (
	"context"
	"errors"
	"fmt"

	"himsg/server/internal/admin"
	"himsg/server/internal/app"
	"himsg/server/internal/config"
	"himsg/server/internal/sqlstore"
)

// errAudit marks that the audit is not what was written.
var errAudit = errors.New("audit")

func auditVerify(ctx context.Context, c *config.CLI, t terminal) (err error) {
	data, err := app.OpenData(ctx, c.Audit.Verify.Store, logger(t, c.Audit.Verify.Store))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, data.DB.Close()) }()
	report, err := data.DB.CheckAudit(ctx)
	if err != nil {
		return err
	}
	if !report.Whole() {
		return fmt.Errorf("%w: %s", errAudit, report.Fault)
	}
	entry, err := knownHead(ctx, data.DB, c.Audit.Verify)
	if err != nil {
		return err
	}
	signed, err := howSigned(report, entry)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%d entries, the last has the hash %s; %s: whole\n", report.Entries, report.Head, signed)
	return nil
}

// knownHead looks whether the entry that --head names is there, and returns it; 0 if none is named.
func knownHead(ctx context.Context, db *sqlstore.DB, in config.AuditVerify) (entry int64, err error) {
	entry, hash, err := in.KnownHead()
	if err != nil || entry == 0 {
		return 0, err
	}
	switch found, err := db.AuditHash(ctx, entry); {
	case err != nil:
		return 0, err
	case found == "":
		return 0, fmt.Errorf("%w: entry %d, which --head names, is missing", errAudit, entry)
	case found != hash:
		return 0, fmt.Errorf("%w: entry %d is not the one that --head names", errAudit, entry)
	}
	return entry, nil
}

// howSigned says what holds the end of the chain. Nothing does when audit.head is gone: who cut the end off and mended the count may
// have removed it, too.
func howSigned(r admin.AuditReport, named int64) (string, error) {
	switch {
	case r.Signed != 0:
		return fmt.Sprintf("entry %d was signed as the last one", r.Signed), nil
	case named != 0:
		return fmt.Sprintf("audit.head is missing, entry %d is the one that --head names", named), nil
	case r.Entries == 0:
		return "nothing was written yet", nil
	}
	return "", fmt.Errorf("%w: %d entries follow each other, but audit.head is missing: whether the end was cut off can't be told. "+
		"Compare with the last line \"audit head\" of a log that is kept elsewhere: --head ENTRY:HASH", errAudit, r.Entries)
}
