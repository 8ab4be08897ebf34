package dashboard

// page is a dashboard whose graphs stand three in a row, of the 24 columns that
// there are.
type page struct {
	region  string
	widgets []widget
	graphs  int
}

type widget struct {
	Type       string         `json:"type"`
	X          int            `json:"x"`
	Y          int            `json:"y"`
	Width      int            `json:"width"`
	Height     int            `json:"height"`
	Properties map[string]any `json:"properties"`
}

// A series is a line of a graph: a namespace, a metric, names and values of
// dimensions, and options; or the options of an expression alone.
type series []any

type options map[string]any

const headerHeight, graphWidth, graphHeight = 2, 8, 6

func (p *page) text(markdown string) {
	p.widgets = append(p.widgets, widget{Type: "text", Width: 3 * graphWidth, Height: headerHeight, Properties: map[string]any{"markdown": markdown}})
}

// graph adds a graph of the series, if there are any.
func (p *page) graph(title, statistic string, list []series) {
	if len(list) == 0 {
		return
	}
	p.widgets = append(p.widgets, widget{
		Type: "metric", X: p.graphs % 3 * graphWidth, Y: headerHeight + p.graphs/3*graphHeight, Width: graphWidth, Height: graphHeight,
		Properties: map[string]any{"title": title, "region": p.region, "view": "timeSeries", "stat": statistic, "period": 300, "metrics": list},
	})
	p.graphs++
}
