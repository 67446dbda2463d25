package window

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"himsg/desktop/e2e/desk"
)

// Select is a CSS selector of an element by its data-testid, with further attributes as pairs:
// Select("room-row", "room", uuid) is [data-testid="room-row"][data-room="…"].
func Select(testID string, pairs ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "[data-testid=%s]", quote(testID))
	for i := 0; i+1 < len(pairs); i += 2 {
		fmt.Fprintf(&b, "[data-%s=%s]", pairs[i], quote(pairs[i+1]))
	}
	return b.String()
}

// quote makes a JavaScript (and CSS) string of any text.
func quote(text string) string {
	raw, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always marshals
	}
	return string(raw)
}

// Eval evaluates an expression in the page and decodes its value into out, if that is not nil.
func (w *Window) Eval(tb testing.TB, expression string, out any) {
	tb.Helper()
	if err := w.eval(expression, out); err != nil {
		tb.Fatalf("evaluate %s: %v", expression, err)
	}
}

func (w *Window) eval(expression string, out any) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	var result struct {
		Result struct {
			Value       json.RawMessage
			Description string
		}
		WasThrown bool
	}
	params := map[string]any{"expression": expression, "returnByValue": true}
	err := w.inspector.call(ctx, "Runtime.evaluate", params, &result)
	if err != nil {
		return err
	}
	if result.WasThrown {
		return fmt.Errorf("threw %s %s", result.Result.Description, result.Result.Value)
	}
	if out == nil || result.Result.Value == nil {
		return nil
	}
	return json.Unmarshal(result.Result.Value, out)
}

// True reports whether an expression is truthy. An exception is false: the page may be on its way.
func (w *Window) True(expression string) bool {
	var yes bool
	return w.eval("!!("+expression+")", &yes) == nil && yes
}

// WaitFor waits until an expression is truthy, and fails the test with a picture of the page's text otherwise.
func (w *Window) WaitFor(tb testing.TB, expression string) {
	tb.Helper()
	deadline := time.Now().Add(Patience)
	for !w.True(expression) {
		if time.Now().After(deadline) {
			var text string
			_ = w.eval("document.body.innerText.slice(0, 2000)", &text) // for the message only
			tb.Fatalf("after %s: not yet %s\nthe page says:\n%s", Patience, expression, text)
		}
		time.Sleep(30 * time.Millisecond)
	}
}

// See waits until an element is there and has a size.
func (w *Window) See(tb testing.TB, selector string) {
	tb.Helper()
	w.WaitFor(tb, fmt.Sprintf("document.querySelector(%s)?.getClientRects().length > 0", quote(selector)))
}

// SeeText waits until an element's text contains text.
func (w *Window) SeeText(tb testing.TB, selector, text string) {
	tb.Helper()
	w.WaitFor(tb, fmt.Sprintf("[...document.querySelectorAll(%s)].some((e) => e.innerText.includes(%s))",
		quote(selector), quote(text)))
}

// SeeGone waits until no such element is there.
func (w *Window) SeeGone(tb testing.TB, selector string) {
	tb.Helper()
	w.WaitFor(tb, fmt.Sprintf("!document.querySelector(%s)", quote(selector)))
}

// Has reports whether an element is there now.
func (w *Window) Has(selector string) bool {
	return w.True(fmt.Sprintf("document.querySelector(%s)", quote(selector)))
}

// Text is an element's text now, "" if there is none.
func (w *Window) Text(tb testing.TB, selector string) string {
	tb.Helper()
	var text string
	w.Eval(tb, fmt.Sprintf("document.querySelector(%s)?.innerText ?? ''", quote(selector)), &text)
	return strings.TrimSpace(text)
}

// Texts are the texts of all elements that match, in the page's order.
func (w *Window) Texts(tb testing.TB, selector string) []string {
	tb.Helper()
	var texts []string
	w.Eval(tb, fmt.Sprintf("[...document.querySelectorAll(%s)].map((e) => e.innerText.trim())", quote(selector)), &texts)
	return texts
}

// Attribute is an attribute of an element, "" if there is none.
func (w *Window) Attribute(tb testing.TB, selector, name string) string {
	tb.Helper()
	var value string
	w.Eval(tb, fmt.Sprintf("document.querySelector(%s)?.getAttribute(%s) ?? ''", quote(selector), quote(name)), &value)
	return value
}

// Click waits for an element that can be clicked and clicks it, with the events that a mouse makes.
func (w *Window) Click(tb testing.TB, selector string) {
	tb.Helper()
	w.WaitFor(tb, fmt.Sprintf(`((e) => e && e.getClientRects().length > 0 && !e.disabled)(document.querySelector(%s))`,
		quote(selector)))
	w.Eval(tb, fmt.Sprintf(`((e) => {
		e.scrollIntoView({ block: 'nearest' });
		const at = { bubbles: true, cancelable: true, view: window };
		e.dispatchEvent(new PointerEvent('pointerdown', at));
		if (e.dispatchEvent(new MouseEvent('mousedown', at))) e.focus();
		e.dispatchEvent(new PointerEvent('pointerup', at));
		e.dispatchEvent(new MouseEvent('mouseup', at));
		e.click();
	})(document.querySelector(%s))`, quote(selector)), nil)
}

// ContextClick opens an element's context menu.
func (w *Window) ContextClick(tb testing.TB, selector string) {
	tb.Helper()
	w.See(tb, selector)
	w.Eval(tb, fmt.Sprintf(`((e) => {
		const box = e.getBoundingClientRect();
		e.dispatchEvent(new MouseEvent('contextmenu', {
			bubbles: true, cancelable: true, clientX: box.x + box.width / 2, clientY: box.y + box.height / 2,
		}));
	})(document.querySelector(%s))`, quote(selector)), nil)
}

// Type puts text into an input, a text area or a select, in one go, so that React hears of it.
func (w *Window) Type(tb testing.TB, selector, text string) {
	tb.Helper()
	w.See(tb, selector)
	w.Eval(tb, fmt.Sprintf(`((e, text) => {
		e.focus();
		const proto = Object.getPrototypeOf(e);
		Object.getOwnPropertyDescriptor(proto, 'value').set.call(e, text);
		e.dispatchEvent(new Event(e.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
	})(document.querySelector(%s), %s)`, quote(selector), quote(text)), nil)
}

// FocusOn gives an element the keyboard within the page.
func (w *Window) FocusOn(tb testing.TB, selector string) {
	tb.Helper()
	w.See(tb, selector)
	w.Eval(tb, fmt.Sprintf("document.querySelector(%s).focus()", quote(selector)), nil)
	w.WaitFor(tb, fmt.Sprintf("document.activeElement === document.querySelector(%s)", quote(selector)))
}

// Picture writes a picture of the page.
func (w *Window) Picture(tb testing.TB, path string) {
	tb.Helper()
	var size struct{ W, H int }
	w.Eval(tb, "({ W: innerWidth, H: innerHeight })", &size)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var shot struct{ DataURL string }
	err := w.inspector.call(ctx, "Page.snapshotRect", map[string]any{
		"x": 0, "y": 0, "width": size.W, "height": size.H, "coordinateSystem": "Viewport",
	}, &shot)
	if err != nil {
		tb.Fatal(err)
	}
	_, encoded, _ := strings.Cut(shot.DataURL, ",")
	raw, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		tb.Fatalf("decode picture: %v", err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		tb.Fatal(err)
	}
}

// Close asks the app to end and waits for it.
func (w *Window) Close(tb testing.TB) {
	tb.Helper()
	w.Process.Stop()
}

// Kill ends the app as a power cut would.
func (w *Window) Kill() { w.Process.Kill() }

// WaitEnd waits until the app has ended by itself.
func (w *Window) WaitEnd(tb testing.TB) {
	tb.Helper()
	desk.Wait(tb, Patience, "the end of the app", func() bool {
		select {
		case <-w.Process.Done():
			return true
		default:
			return false
		}
	})
}
