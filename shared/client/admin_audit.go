package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"himsg/shared/wire"
)

// This file holds the calls about the record of administrative acts.

// AuditQuery says which entries are asked for; what is empty does not narrow. To is exclusive.
type AuditQuery struct {
	Actor, Subject, Action string
	From, To               time.Time
}

func (q AuditQuery) values() url.Values {
	values := url.Values{}
	for name, value := range map[string]string{"actor": q.Actor, "subject": q.Subject, "action": q.Action} {
		if value != "" {
			values.Set(name, value)
		}
	}
	for name, at := range map[string]time.Time{"from": q.From, "to": q.To} {
		if !at.IsZero() {
			values.Set(name, at.UTC().Format(time.RFC3339Nano))
		}
	}
	return values
}

// Audit returns a page of entries, the newest first. before is the Next of the page before, 0 at first; limit 0 is the most.
func (s *Session) Audit(ctx context.Context, q AuditQuery, before int64, limit int) (wire.AuditPage, error) {
	query := q.values()
	query.Set("limit", strconv.Itoa(limit))
	return olderPage(ctx, s, "/api/admin/audit", query, before, func(p wire.AuditPage) (int, int64) { return len(p.Entries), p.Next })
}

// VerifyAudit has the server read its whole record.
func (s *Session) VerifyAudit(ctx context.Context) (wire.AuditCheck, error) {
	var out wire.AuditCheck
	err := s.do(ctx, call{method: http.MethodGet, path: "/api/admin/audit/verify", out: &out})
	return out, err
}

// ExportAudit writes the entries to into as CSV, as they come. After an error what was written is not all.
func (s *Session) ExportAudit(ctx context.Context, q AuditQuery, into io.Writer) error {
	query := q.values()
	query.Set("format", "csv")
	return s.authorised(ctx, func(token string) error {
		ctx, dog, stop := watch(ctx, s.http.stall())
		defer stop()
		address := s.http.base + "/api/admin/audit/export?" + query.Encode()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAddress, err)
		}
		req.Header = s.http.headers(token)
		req.Header.Set("Accept", "text/csv")
		return s.http.transfer(ctx, req, func(res *http.Response) error {
			body := progress{res.Body, func(int) { dog.alive() }}
			_, err := io.Copy(into, body)
			return err
		})
	})
}
