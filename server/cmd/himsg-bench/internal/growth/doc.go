// Package growth does the same work in companies of growing size, most of whose people are offline: what it costs must not grow with
// them. Beside each figure stands its limit, or how fast the machine was just then. Start at Measure.
package growth
