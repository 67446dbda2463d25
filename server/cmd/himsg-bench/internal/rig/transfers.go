package rig

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"himsg/shared/client"
	"himsg/shared/wire"
)

const (
	retryTransfer = 50 * time.Millisecond // while the server or the network is away
	pollFile      = 5 * time.Millisecond  // between looks at what the server thinks of a file
)

// RefusedError says that the server looked at a file and does not keep it.
type RefusedError struct{ Refusal wire.Error }

// Error implements error.
func (e *RefusedError) Error() string {
	return fmt.Sprintf("the file is refused: %s (%s)", e.Refusal.Code, e.Refusal.Reason)
}

// Sending is a file on its way, which is kept from one try to the next as the app keeps it in its store.
type Sending struct {
	client.Upload
	Tries int // connections that broke, and refusals for now
}

// SendFile brings a file to the server as the app does, with the same code: what fails for now is tried again from where the
// server stands. It returns when the server has all of it; Ready says what it thinks of it.
func (p Person) SendFile(ctx context.Context, s *Sending) error {
	s.Begun = func(fileID string) error {
		s.FileID = fileID
		return nil
	}
	for {
		err := p.Session.Upload(ctx, s.Upload)
		if err == nil || !client.Temporary(err) || ctx.Err() != nil {
			return err
		}
		s.Tries++
		if !Sleep(ctx, max(retryTransfer, client.RetryAfter(err))) {
			return ctx.Err()
		}
	}
}

// Ready waits until the server has looked at a file. It returns a *RefusedError for one that is refused.
func (p Person) Ready(ctx context.Context, fileID string) (wire.File, error) {
	for {
		status, err := p.Session.FileStatus(ctx, fileID)
		switch {
		case err != nil && !client.Temporary(err):
			return wire.File{}, err
		case err == nil && status.State == wire.FileReady:
			return status.File, nil
		case err == nil && status.State == wire.FileRefused && status.Refusal != nil:
			return status.File, &RefusedError{*status.Refusal}
		}
		if !Sleep(ctx, pollFile) {
			return wire.File{}, ctx.Err()
		}
	}
}

// SendBulk sends a file and waits until it is ready.
func (p Person) SendBulk(ctx context.Context, b Bulk, room string) (file wire.File, err error) {
	from, err := os.Open(b.Path)
	if err != nil {
		return wire.File{}, fmt.Errorf("open a large file: %w", err)
	}
	defer func() { _ = from.Close() }() // only read
	s := &Sending{Upload: client.Upload{RoomUUID: room, Name: BulkName, Size: b.Size, SHA256: b.SHA256, Content: from}}
	if err := p.SendFile(ctx, s); err != nil {
		return wire.File{}, err
	}
	file, err = p.Ready(ctx, s.FileID)
	if err == nil && file.SHA256 != b.SHA256 {
		err = errors.New("the server's checksum is another")
	}
	return file, err
}

// FetchFile brings a file from the server as the app does, and says how many tries broke.
func (p Person) FetchFile(ctx context.Context, file wire.File, into client.Sink) (tries int, err error) {
	for {
		err = p.Session.Download(ctx, file, into, nil)
		if err == nil || !client.Temporary(err) || ctx.Err() != nil {
			return tries, err
		}
		tries++
		if !Sleep(ctx, max(retryTransfer, client.RetryAfter(err))) {
			return tries, ctx.Err()
		}
	}
}

// SetFilePolicy lets an administrator change which files are taken.
func (p Person) SetFilePolicy(ctx context.Context, change func(*wire.FilePolicy)) error {
	var now wire.FilePolicyReply
	if err := p.policyCall(ctx, http.MethodGet, nil, &now); err != nil {
		return err
	}
	change(&now.FilePolicy)
	return p.policyCall(ctx, http.MethodPut, now.FilePolicy, nil)
}

func (p Person) policyCall(ctx context.Context, method string, in, out any) error {
	token, err := p.Session.Access(ctx)
	if err != nil {
		return err
	}
	body, err := json.Marshal(in)
	if err != nil {
		return fmt.Errorf("encode the policy: %w", err)
	}
	address := p.Session.HTTP().Address() + "/api/admin/file-policy"
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask for the policy: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("ask for the policy: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // it was read
	said, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", res.Status, said)
	}
	if err == nil && out != nil {
		err = json.Unmarshal(said, out)
	}
	if err != nil {
		return fmt.Errorf("%s policy: %w", method, err)
	}
	return nil
}
