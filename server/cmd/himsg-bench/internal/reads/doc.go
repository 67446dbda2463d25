// Package reads measures what it costs when everyone in a large room reads the same message at the same time: how many read
// events reach each member, and how long it takes until all know that all have read. himsg-bench imports it. Start with Run.
package reads
