package client

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// errNoEnd: a server names a place behind a page from which its reader would come no further, however often he asks.
var errNoEnd = fmt.Errorf("%w: a list that does not come to an end", ErrNotHimsg)

// olderPage asks for a page of a list that goes down from the newest; before is the next of the page above it, 0 at first. of says
// how many rows a page has, and its next. Each page leads further down, so that who asks for one after the other comes to an end.
func olderPage[Page any](
	ctx context.Context, s *Session, path string, query url.Values, before int64, of func(Page) (rows int, next int64),
) (Page, error) {
	named := url.Values{"before": {strconv.FormatInt(before, 10)}}
	maps.Copy(named, query)
	page, err := ask[Page](ctx, s, http.MethodGet, path+"?"+named.Encode(), nil)
	if err != nil {
		return page, err
	}
	rows, next := of(page)
	if next != 0 && (rows == 0 || next < 0 || before != 0 && next >= before) {
		var none Page
		return none, errNoEnd
	}
	return page, nil
}
