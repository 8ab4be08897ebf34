package iam

import "strings"

// leftOpen notes a question that AWS's documents leave open and on which a
// statement rests. It is true if the reading that denies is to be used, which is
// so unless decide asks whether the other one would allow the request.
func (x *context) leftOpen(question string) bool {
	if !x.lenient {
		for _, q := range x.open {
			if q == question {
				return true
			}
		}
		x.open = append(x.open, question)
	}
	return !x.lenient
}

// decide decides a well-formed request on one resource. target is what the
// caller's own policies and SCPs are asked about.
func decide(req Request, policies Policies, target string) Decision {
	policies = applicable(&req, policies)
	x, conflict := newContext(&req, &policies)
	if conflict != "" {
		return malformedRequest(&req, conflict, true)
	}
	e := evaluation{context: x, policies: policies}
	e.run(target)
	d := e.decide()
	if d.Allowed || len(x.open) == 0 {
		return d
	}
	x.lenient = true
	e = evaluation{context: x, policies: policies}
	e.run(target)
	if e.decide().Allowed {
		d.Open = strings.Join(x.open, ", and ")
	}
	return d
}
