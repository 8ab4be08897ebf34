package cloudwatch

import (
	"regexp"
	"slices"

	"github.com/s3seal/s3seal/localaws/internal/api"
)

// query is one of the queries of GetMetricData and of an alarm: a metric, or an
// expression over others.
type query struct {
	AccountId  string      `json:",omitempty"`
	Expression string      `json:",omitempty"`
	Id         string      `json:",omitempty"`
	Label      string      `json:",omitempty"`
	MetricStat *metricStat `json:",omitempty"`
	Period     int         `json:",omitempty"`
	ReturnData *bool       `json:",omitempty"`
}

type metricStat struct {
	Metric metric
	Period int
	Stat   string
	Unit   string `json:",omitempty"`
}

func (q *query) returned() bool { return q.ReturnData == nil || *q.ReturnData }

var idForm = regexp.MustCompile(`^[a-z][a-zA-Z0-9_]{0,254}$`)

// maxQueries is the most that a request has.
//
// Source: CloudWatch API reference, GetMetricData.
const maxQueries = 500

// queries are read queries: the expressions parsed, every id known.
type queries struct {
	list   []query
	parsed map[string]node // the expressions, by id
}

// readQueries refuses what no list of queries can be. All of them have periods of
// one length: here the shortest, as each period of a longer one begins with one of
// it, isn't made up.
//
// Source: CloudWatch API reference, MetricDataQuery.
func readQueries(c api.Call, list []query) (queries, error) {
	q := queries{list, map[string]node{}}
	if len(list) == 0 || len(list) > maxQueries {
		return q, invalid("there are 1 to %d metric queries, not %d", maxQueries, len(list))
	}
	var ids []string
	for i := range list {
		x := &list[i]
		switch {
		case !idForm.MatchString(x.Id) || slices.Contains(ids, x.Id):
			return q, invalid("The Id %.100q is not a lowercase letter with letters, digits and _ behind it, or is there twice.", x.Id)
		case (x.Expression == "") == (x.MetricStat == nil):
			return q, combination("the query %s has one of Expression and MetricStat", x.Id)
		case x.AccountId != "" && x.AccountId != c.Account:
			return q, invalid("the local AWS has no metrics of other accounts: AccountId %s of the query %s", x.AccountId, x.Id)
		case x.MetricStat != nil:
			if err := x.MetricStat.check(); err != nil {
				return q, err
			}
		default:
			n, err := parse(x.Expression)
			if err != nil {
				return q, invalid("Error in expression %s [%s]", x.Id, err)
			}
			q.parsed[x.Id] = n
		}
		ids = append(ids, x.Id)
	}
	if _, err := q.period(); err != nil {
		return q, err
	}
	// A dry run finds what an expression refers to, and what no value can be given
	// to.
	for _, x := range q.list {
		if err := q.try(x.Id); err != nil {
			return q, invalid("Error in expression %s [%s]", x.Id, err)
		}
	}
	return q, nil
}

func (m *metricStat) check() error {
	if err := m.Metric.check(); err != nil {
		return err
	}
	if err := checkPeriod(m.Period); err != nil {
		return err
	}
	if m.Unit != "" && !slices.Contains(units, m.Unit) {
		return invalid("The parameter Unit %q is none of a metric's.", m.Unit)
	}
	return checkStatistic(m.Stat)
}

// period is that of all queries.
func (q queries) period() (int, error) {
	period := 0
	for _, x := range q.list {
		own := x.Period
		if x.MetricStat != nil {
			own = x.MetricStat.Period
		}
		if own == 0 {
			continue
		}
		if err := checkPeriod(own); err != nil {
			return 0, err
		}
		if period != 0 && period != own {
			return 0, invalid("the local AWS computes with metrics of one period, not of %d and %d seconds", period, own)
		}
		period = own
	}
	if period == 0 {
		return 0, missing("Period")
	}
	return period, nil
}

// evaluation computes queries over a span.
type evaluation struct {
	queries
	span    span
	fetch   func(*metricStat) []*float64
	quotas  map[string]float64 // by resource
	results map[string]value
	under   []string // the ids that are being computed
}

// try computes a query over nothing.
func (q queries) try(id string) error {
	period, err := q.period()
	if err != nil {
		return err
	}
	e := &evaluation{
		queries: q, span: span{period: period, n: 1}, results: map[string]value{},
		fetch: func(*metricStat) []*float64 { return make([]*float64, 1) },
	}
	_, err = e.result(id)
	return err
}
