package report

import (
	"encoding/json"
	"io"

	"github.com/s3seal/s3seal/internal/rule"
)

// The JSON form is rule.Report with the line of each place.
type (
	jsonReport struct {
		Findings     []jsonFinding      `json:"findings"`
		Unknown      []jsonUnknown      `json:"unknown"`
		Acknowledged []jsonAcknowledged `json:"acknowledged"`
		Notes        []string           `json:"notes,omitempty"`
	}
	jsonFinding struct {
		rule.Finding
		place
	}
	jsonUnknown struct {
		rule.Unknown
		place
	}
	jsonAcknowledged struct {
		rule.Acknowledged
		place
	}
)

func (r *Report) writeJSON(w io.Writer) error {
	out := jsonReport{[]jsonFinding{}, []jsonUnknown{}, []jsonAcknowledged{}, r.Notes}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, jsonFinding{f, r.sources.place(f.Template, f.LogicalID, f.PropertyPath)})
	}
	for _, u := range r.Unknown {
		out.Unknown = append(out.Unknown, jsonUnknown{u, r.sources.place(u.Template, u.LogicalID, u.PropertyPath)})
	}
	for _, a := range r.Acknowledged {
		out.Acknowledged = append(out.Acknowledged, jsonAcknowledged{a, r.sources.place(a.Template, a.LogicalID, a.PropertyPath)})
	}
	return encode(w, out)
}

func encode(w io.Writer, value any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false) // people read it too
	return encoder.Encode(value)
}
