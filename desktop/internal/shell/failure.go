package shell

import (
	"encoding/json"
	"errors"

	"himsg/desktop/internal/core"
	"himsg/shared/wire"
)

// formatError is Wails' ErrorFormatter. The page gets a core.Failure, always; other errors are bugs, and the page has a
// text for "internal".
//
// It goes over as JSON in a string: Wails' page side makes `new Error(x)` of what it gets, and an object would end as
// "[object Object]".
func formatError(err error) any {
	var failure *core.Failure
	if !errors.As(err, &failure) {
		failure = &core.Failure{Code: string(wire.Internal), Message: err.Error()}
	}
	text, err := json.Marshal(failure)
	if err != nil {
		return string(wire.Internal)
	}
	return string(text)
}
