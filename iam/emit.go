package iam

import "encoding/json"

// MarshalJSON writes the document as people write it, with single values instead
// of lists of one. Elements come in the order of the type, condition operators and keys
// sorted: the same document is always the same bytes.
func (d Document) MarshalJSON() ([]byte, error) {
	type plain Document // without this method
	if d.Statement == nil {
		d.Statement = []Statement{}
	}
	return json.Marshal(plain(d))
}

// MarshalJSON writes a list of one as a string.
func (s Strings) MarshalJSON() ([]byte, error) {
	if len(s) == 1 {
		return json.Marshal(s[0])
	}
	return json.Marshal([]string(s))
}

// MarshalJSON writes "*" or the object of principal types.
func (p Principal) MarshalJSON() ([]byte, error) {
	return json.Marshal(p.plain())
}

// Map is the document as the plain values that the CDK accepts for a property of
// type Json: map[string]any, []any and string.
func (d Document) Map() map[string]any {
	statements := make([]any, len(d.Statement))
	for i := range d.Statement {
		statements[i] = d.Statement[i].plain()
	}
	m := map[string]any{"Statement": statements}
	putText(m, "Version", d.Version)
	putText(m, "Id", d.ID)
	return m
}

func (s *Statement) plain() map[string]any {
	m := map[string]any{"Effect": string(s.Effect)}
	putText(m, "Sid", s.Sid)
	if s.Principal != nil {
		m["Principal"] = s.Principal.plain()
	}
	if s.NotPrincipal != nil {
		m["NotPrincipal"] = s.NotPrincipal.plain()
	}
	putList(m, "Action", s.Action)
	putList(m, "NotAction", s.NotAction)
	putList(m, "Resource", s.Resource)
	putList(m, "NotResource", s.NotResource)
	if len(s.Condition) > 0 {
		operators := make(map[string]any, len(s.Condition))
		for name, keys := range s.Condition {
			values := make(map[string]any, len(keys))
			for key, list := range keys {
				values[key] = list.plain()
			}
			operators[name] = values
		}
		m["Condition"] = operators
	}
	return m
}

func (p *Principal) plain() any {
	if p.Any {
		return "*"
	}
	m := map[string]any{}
	putList(m, "AWS", p.AWS)
	putList(m, "Service", p.Service)
	putList(m, "Federated", p.Federated)
	putList(m, "CanonicalUser", p.CanonicalUser)
	return m
}

func (s Strings) plain() any {
	if len(s) == 1 {
		return s[0]
	}
	list := make([]any, len(s))
	for i, v := range s {
		list[i] = v
	}
	return list
}

func putText(m map[string]any, key, value string) {
	if value != "" {
		m[key] = value
	}
}

func putList(m map[string]any, key string, list Strings) {
	if len(list) > 0 {
		m[key] = list.plain()
	}
}
