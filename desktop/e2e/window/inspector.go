package window

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// inspector is a connection to WebKit's remote inspector. What is meant for the page goes wrapped in Target messages:
// https://webkit.org/blog/ and Source/JavaScriptCore/inspector/protocol/Target.json have the words.
type inspector struct {
	ws     *websocket.Conn
	target chan string // the page's target id, once

	write  sync.Mutex
	mu     sync.Mutex
	nextID int
	open   map[int]chan reply
	err    error // why the connection ended
	page   string
}

// frame is a message of either side, for the connection and for the page alike.
type frame struct {
	ID     int             `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

type reply struct {
	result json.RawMessage
	err    error
}

// dial connects to the inspector at a loopback address and waits for the page.
func dial(ctx context.Context, address string) (*inspector, error) {
	path, err := socketPath(ctx, address)
	if err != nil {
		return nil, err
	}
	ws, resp, err := websocket.DefaultDialer.DialContext(ctx, "ws://"+address+path, nil)
	if err != nil {
		return nil, fmt.Errorf("dial inspector: %w", err)
	}
	resp.Body.Close()
	ws.SetReadLimit(64 << 20) // pictures come as data URLs
	i := &inspector{ws: ws, target: make(chan string, 1), open: map[int]chan reply{}}
	go i.read()
	select {
	case i.page = <-i.target:
		return i, nil
	case <-ctx.Done():
		ws.Close()
		return nil, fmt.Errorf("wait for the page: %w", ctx.Err())
	}
}

// socketPath finds the page in the list that the inspector serves for people.
func socketPath(ctx context.Context, address string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/", http.NoBody)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("list pages: %w", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil {
		return "", fmt.Errorf("list pages: %w", err)
	}
	path := regexp.MustCompile(`/socket/\d+/\d+/WebPage`).Find(body)
	if path == nil {
		return "", errors.New("list pages: none yet")
	}
	return string(path), nil
}

// call asks the page and decodes the result into out, if that is not nil.
func (i *inspector) call(ctx context.Context, method string, params, out any) error {
	i.mu.Lock()
	i.nextID++
	id := i.nextID
	done := make(chan reply, 1)
	i.open[id] = done
	page, err := i.page, i.err
	i.mu.Unlock()
	defer func() {
		i.mu.Lock()
		delete(i.open, id)
		i.mu.Unlock()
	}()
	if err != nil {
		return err
	}
	if err := i.send(id, page, method, params); err != nil {
		return fmt.Errorf("%s: %w", method, err)
	}
	select {
	case r := <-done:
		if r.err != nil {
			return fmt.Errorf("%s: %w", method, r.err)
		}
		if out == nil {
			return nil
		}
		return json.Unmarshal(r.result, out)
	case <-ctx.Done():
		return fmt.Errorf("%s: %w", method, ctx.Err())
	}
}

func (i *inspector) send(id int, page, method string, params any) error {
	inner, err := json.Marshal(map[string]any{"id": id, "method": method, "params": params})
	if err != nil {
		return err
	}
	i.write.Lock()
	defer i.write.Unlock()
	if err := i.ws.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return err
	}
	return i.ws.WriteJSON(map[string]any{
		"id": -id, "method": "Target.sendMessageToTarget",
		"params": map[string]any{"targetId": page, "message": string(inner)},
	})
}

func (i *inspector) read() {
	for {
		var f frame
		if err := i.ws.ReadJSON(&f); err != nil {
			i.fail(fmt.Errorf("the inspector's connection ended: %w", err))
			return
		}
		i.take(f)
	}
}

func (i *inspector) take(f frame) {
	switch f.Method {
	case "Target.targetCreated":
		var p struct {
			TargetInfo struct{ TargetID, Type string }
		}
		if json.Unmarshal(f.Params, &p) == nil && p.TargetInfo.Type == "page" {
			select {
			case i.target <- p.TargetInfo.TargetID:
			default: // a second page would be news
			}
		}
	case "Target.dispatchMessageFromTarget":
		var p struct{ Message string }
		var inner frame
		if json.Unmarshal(f.Params, &p) == nil && json.Unmarshal([]byte(p.Message), &inner) == nil && inner.ID > 0 {
			i.settle(inner.ID, inner)
		}
	case "":
		if f.Error != nil { // the wrapping itself was refused
			i.settle(-f.ID, f)
		}
	}
}

func (i *inspector) settle(id int, f frame) {
	i.mu.Lock()
	done := i.open[id]
	i.mu.Unlock()
	if done == nil {
		return
	}
	r := reply{result: f.Result}
	if f.Error != nil {
		r.err = errors.New(f.Error.Message)
	}
	select {
	case done <- r:
	default:
	}
}

func (i *inspector) fail(err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.err = err
	for _, done := range i.open {
		select {
		case done <- reply{err: err}:
		default:
		}
	}
}

func (i *inspector) close() { i.ws.Close() }
