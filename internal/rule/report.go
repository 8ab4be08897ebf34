package rule

import (
	"cmp"
	"slices"
	"strings"
)

// Finding is a place where a rule doesn't hold.
type Finding struct {
	Rule          string   `json:"rule"`
	Severity      Severity `json:"severity"`
	Stack         string   `json:"stack"`
	Template      string   `json:"template"` // file of the template
	LogicalID     string   `json:"logicalId"`
	ConstructPath string   `json:"constructPath,omitempty"` // where the CDK has written it
	PropertyPath  string   `json:"propertyPath,omitempty"`  // "Properties.BucketEncryption", from the resource on
	Message       string   `json:"message"`                 // one line
	Where         string   `json:"where,omitempty"`         // "only in eu-west-1"; "": wherever the template may be deployed
	Reason        string   `json:"reason"`                  // the rule's
	Fix           string   `json:"fix"`

	// Of a change: what the resource was called and is called now, where that
	// is known.
	Was string `json:"was,omitempty"`
	Is  string `json:"is,omitempty"`
}

// Text is the message, with where it holds.
func (f Finding) Text() string {
	if f.Where == "" {
		return f.Message
	}
	return f.Message + " (" + f.Where + ")"
}

// Resource is what stages.yaml calls the place: STACK/LOGICALID, or STACK.
func (f Finding) Resource() string { return place(f.Stack, f.LogicalID, "") }

// Place names the resource for a person: its construct path, or stack and
// logical id.
func (f Finding) Place() string { return place(f.Stack, f.LogicalID, f.ConstructPath) }

func place(stack, logicalID, constructPath string) string {
	switch {
	case strings.HasPrefix(constructPath, stack+"/"):
		return constructPath
	case constructPath != "":
		return stack + "/" + constructPath
	case logicalID == "":
		return stack
	}
	return stack + "/" + logicalID
}

// Unknown is a rule that the templates alone can't decide for a resource.
type Unknown struct {
	Rule         string `json:"rule"`
	Stack        string `json:"stack"`
	Template     string `json:"template"` // file of the template
	LogicalID    string `json:"logicalId"`
	PropertyPath string `json:"propertyPath,omitempty"`
	Why          string `json:"why"`
}

// Resource is STACK/LOGICALID.
func (u Unknown) Resource() string { return place(u.Stack, u.LogicalID, "") }

// Acknowledged is a finding that the resource's metadata, or for a change
// stages.yaml, accepts.
type Acknowledged struct {
	Finding
	Because string `json:"because"`
}

// Report is what Check found, each list by stack (in the order given), resource,
// rule and place.
type Report struct {
	Findings     []Finding      `json:"findings"`
	Unknown      []Unknown      `json:"unknown"`
	Acknowledged []Acknowledged `json:"acknowledged"`

	// Notes say where the templates can't be deployed, so that nothing was
	// decided for it. They accuse nobody.
	Notes []string `json:"notes,omitempty"`
}

// Count is the number of findings of a severity.
func (r Report) Count(s Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}

// Cause is a reason for which rules stayed undecided, with what it left open.
type Cause struct {
	Why    string   `json:"why"`
	Rules  []string `json:"rules"`  // ids, sorted
	Places []string `json:"places"` // "stack/LogicalId", in order
}

// Causes says each reason of Unknown once.
func (r Report) Causes() []Cause {
	var causes []Cause
	for _, u := range r.Unknown {
		i := slices.IndexFunc(causes, func(c Cause) bool { return c.Why == u.Why })
		if i < 0 {
			i = len(causes)
			causes = append(causes, Cause{Why: u.Why})
		}
		c := &causes[i]
		if at := u.Resource(); !slices.Contains(c.Places, at) {
			c.Places = append(c.Places, at)
		}
		if !slices.Contains(c.Rules, u.Rule) {
			c.Rules = append(c.Rules, u.Rule)
		}
	}
	for i := range causes {
		slices.Sort(causes[i].Rules)
	}
	return causes
}

// sort puts the lists in order and removes what is said twice. rank is a
// stack's place in the order given.
func (r *Report) sort(rank map[string]int) {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int { return compareFindings(rank, a, b) })
	r.Findings = slices.CompactFunc(r.Findings, func(a, b Finding) bool { return a == b })
	slices.SortStableFunc(r.Acknowledged, func(a, b Acknowledged) int { return compareFindings(rank, a.Finding, b.Finding) })
	slices.SortStableFunc(r.Unknown, func(a, b Unknown) int {
		return cmp.Or(cmp.Compare(rank[a.Stack], rank[b.Stack]), cmp.Compare(a.LogicalID, b.LogicalID),
			cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.PropertyPath, b.PropertyPath), cmp.Compare(a.Why, b.Why))
	})
	r.Unknown = slices.Compact(r.Unknown)
}

func compareFindings(rank map[string]int, a, b Finding) int {
	return cmp.Or(cmp.Compare(rank[a.Stack], rank[b.Stack]), cmp.Compare(a.LogicalID, b.LogicalID),
		cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.PropertyPath, b.PropertyPath), cmp.Compare(a.Message, b.Message), cmp.Compare(a.Where, b.Where))
}
