package inspect

import (
	"context"

	"himsg/desktop/internal/core"
)

// Checks are the looks at this PC. autostart may be nil.
func Checks(autostart core.Autostart) []core.Check {
	return []core.Check{
		{Name: "notifications", Look: notifications},
		{Name: "tray", Look: tray},
		{Name: "autostart", Look: func(context.Context) core.Finding { return session(autostart) }},
		{Name: "ime", Look: inputMethod},
		{Name: "fonts", Look: fonts},
		{Name: "webview", Look: webview},
	}
}

func session(autostart core.Autostart) core.Finding {
	if autostart == nil {
		return found(core.FindingInfo, "unknown")
	}
	state, err := autostart.State()
	switch {
	case err != nil:
		return found(core.FindingWarn, "failed", "detail", err.Error())
	case state == core.AutostartMoved:
		return found(core.FindingWarn, "moved")
	case state == core.AutostartOn:
		return found(core.FindingOK, "on")
	}
	return found(core.FindingInfo, "off")
}

// found makes a Finding; pairs are names and values of its fields.
func found(state core.FindingState, code string, pairs ...string) core.Finding {
	fields := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		fields[pairs[i]] = pairs[i+1]
	}
	return core.Finding{State: state, Code: code, Fields: fields}
}
