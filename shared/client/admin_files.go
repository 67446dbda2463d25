package client

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"

	"himsg/shared/wire"
)

// This file holds the administrators' calls about files of people: imports, exports, and the archives of deleted people.

const importsPath = "/api/admin/import-people"

func importPath(importUUID, more string) string {
	return importsPath + "/" + url.PathEscape(importUUID) + more
}

// StartImport sends a file of people, Excel or CSV, which the server then compares; nothing is changed yet. There is no limit
// on how long the file takes, only on how long it may go without a byte.
func (s *Session) StartImport(ctx context.Context, content io.ReaderAt, size int64) (wire.Import, error) {
	var out wire.Import
	err := s.authorised(ctx, func(token string) error {
		ctx, dog, stop := watch(ctx, s.http.stall())
		defer stop()
		body := progress{io.NewSectionReader(content, 0, size), func(int) { dog.alive() }}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.http.base+importsPath, body)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAddress, err)
		}
		req.ContentLength = size
		req.Header = s.http.headers(token)
		req.Header.Set("Content-Type", "application/octet-stream") // the server looks for itself
		return s.http.transfer(ctx, req, func(res *http.Response) error {
			if err := json.NewDecoder(io.LimitReader(res.Body, maxReplyBody)).Decode(&out); err != nil {
				return fmt.Errorf("%w: %w", ErrNotHimsg, err)
			}
			return nil
		})
	})
	return out, err
}

// Import says how an import stands.
func (s *Session) Import(ctx context.Context, importUUID string) (wire.Import, error) {
	var out wire.Import
	err := s.do(ctx, call{method: http.MethodGet, path: importPath(importUUID, ""), out: &out})
	return out, err
}

// RecentImports lists the last imports, the newest first.
func (s *Session) RecentImports(ctx context.Context) ([]wire.Import, error) {
	var out wire.ImportList
	err := s.do(ctx, call{method: http.MethodGet, path: importsPath, out: &out})
	return out.Imports, err
}

// ImportRows lists a page of an import's rows: those behind the row after, of one fate if only is not empty.
func (s *Session) ImportRows(ctx context.Context, importUUID string, after int, only wire.RowFate) (wire.ImportRows, error) {
	query := url.Values{"after": {strconv.Itoa(after)}}
	if only != "" {
		query.Set("only", string(only))
	}
	var out wire.ImportRows
	err := s.do(ctx, call{method: http.MethodGet, path: importPath(importUUID, "/rows?"+query.Encode()), out: &out})
	return out, err
}

// ApplyImport begins to do what the rows say.
func (s *Session) ApplyImport(ctx context.Context, importUUID string) (wire.Import, error) {
	var out wire.Import
	err := s.do(ctx, call{method: http.MethodPost, path: importPath(importUUID, "/apply"), out: &out})
	return out, err
}

// EndImport cancels an import that is at work, and forgets another.
func (s *Session) EndImport(ctx context.Context, importUUID string) error {
	return s.do(ctx, call{method: http.MethodDelete, path: importPath(importUUID, "")})
}

// SaveImportCodes writes one-time codes for the people whom an import made, as CSV. It voids those of an earlier call.
func (s *Session) SaveImportCodes(ctx context.Context, importUUID string, into io.Writer) error {
	return s.save(ctx, importPath(importUUID, "/codes"), into)
}

// ExportPeople writes everybody as a file; format is xlsx or csv.
func (s *Session) ExportPeople(ctx context.Context, format string, into io.Writer) error {
	return s.save(ctx, "/api/admin/export-people?"+url.Values{"format": {format}}.Encode(), into)
}

const backupsPath = "/api/admin/backups"

func backupPath(backupUUID, more string) string {
	return backupsPath + "/" + url.PathEscape(backupUUID) + more
}

// DeletePerson begins to back a person up and then delete him.
func (s *Session) DeletePerson(ctx context.Context, userUUID string, in wire.DeleteUserRequest) (wire.Backup, error) {
	var out wire.Backup
	err := s.do(ctx, call{method: http.MethodPost, path: personPath(userUUID, "/delete"), in: in, out: &out})
	return out, err
}

// Backups returns a page of the deletions and their archives, the newest first. before is the Next of the page before, 0 at first.
func (s *Session) Backups(ctx context.Context, before int64) (wire.BackupList, error) {
	return olderPage(ctx, s, backupsPath, nil, before, func(l wire.BackupList) (int, int64) { return len(l.Backups), l.Next })
}

// CancelBackup stops a deletion before anything is deleted.
func (s *Session) CancelBackup(ctx context.Context, backupUUID string) error {
	return s.do(ctx, call{method: http.MethodPost, path: backupPath(backupUUID, "/cancel")})
}

// SaveBackup writes an archive as it is: sealed.
func (s *Session) SaveBackup(ctx context.Context, backupUUID string, into io.Writer) error {
	return s.save(ctx, backupPath(backupUUID, "/file"), into)
}

// save writes the body of a reply as it comes. It fails when the body is cut off; what was written is of no use then.
func (s *Session) save(ctx context.Context, path string, into io.Writer) error {
	return s.authorised(ctx, func(token string) error {
		ctx, dog, stop := watch(ctx, s.http.stall())
		defer stop()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.http.base+path, http.NoBody)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrAddress, err)
		}
		req.Header = s.http.headers(token)
		req.Header.Set("Accept", "*/*")
		return s.http.transfer(ctx, req, func(res *http.Response) error {
			_, err := io.Copy(sinkWriter{into}, progress{res.Body, func(int) { dog.alive() }})
			return err
		})
	})
}

// sinkWriter marks the errors of what is written to, which are not the network's.
type sinkWriter struct{ io.Writer }

func (w sinkWriter) Write(b []byte) (int, error) {
	n, err := w.Writer.Write(b)
	if err != nil {
		err = &sinkError{err}
	}
	return n, err
}
