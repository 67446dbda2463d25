package ops

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

const namespace = "himsg"

// Metrics counts what the server does, for Prometheus. All names begin with himsg_.
type Metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

// NewMetrics makes an own registry with the figures of the process and the Go runtime.
func NewMetrics() *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Namespace: namespace, Name: "http_requests_total", Help: "HTTP requests by route and status.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Namespace: namespace, Name: "http_request_seconds", Help: "Time from a request to its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"method", "route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Request counts one answered HTTP request. route is the pattern, never the path, so that labels stay few.
func (m *Metrics) Request(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(method, route).Observe(took.Seconds())
}

// Gauge adds a figure that is read when Prometheus asks, for example the number of sessions.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, read))
}

// Counter adds a figure that only grows and is read when Prometheus asks.
func (m *Metrics) Counter(name, help string, read func() float64) {
	m.registry.MustRegister(
		prometheus.NewCounterFunc(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, read))
}

// CounterBy adds a figure that only grows, by a label whose values are few, read when Prometheus asks.
func (m *Metrics) CounterBy(name, help, label string, read func() map[string]int64) {
	m.registry.MustRegister(&labelled{
		about: prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, []string{label}, nil), read: read,
	})
}

// labelled is a counter by a label.
type labelled struct {
	about *prometheus.Desc
	read  func() map[string]int64
}

// Describe implements prometheus.Collector.
func (l *labelled) Describe(ch chan<- *prometheus.Desc) { ch <- l.about }

// Collect implements prometheus.Collector.
func (l *labelled) Collect(ch chan<- prometheus.Metric) {
	for value, n := range l.read() {
		ch <- prometheus.MustNewConstMetric(l.about, prometheus.CounterValue, float64(n), value)
	}
}

// Histogram adds a distribution and returns the function that feeds it.
func (m *Metrics) Histogram(name, help string, buckets []float64) (observe func(float64)) {
	h := prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: buckets})
	m.registry.MustRegister(h)
	return h.Observe
}

// Handler answers GET /metrics.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
}
