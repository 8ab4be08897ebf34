package keystatus

import "time"

// Retire is whether a key may be retired.
type Retire struct {
	Answer Answer    `json:"answer"`
	Reason string    `json:"reason,omitempty"`
	From   time.Time `json:"from,omitzero"` // with Later
}

// Answer is yes, later, no or unknown.
type Answer string

// The answers. Yes is a hint: the command that retires a key looks at every
// version itself.
const (
	Yes     Answer = "yes"
	Later   Answer = "later" // nothing needs the key, and a put may still be under way
	No      Answer = "no"
	Unknown Answer = "unknown"
)

// retire says whether k may be retired. quiet is when no put can be under it any
// more.
func (s *Status) retire(k *Key, quiet, now time.Time) Retire {
	switch {
	case k.Primary:
		return Retire{Answer: No, Reason: "it is the primary"}
	case !s.Counted:
		return Retire{Answer: Unknown, Reason: "the objects were not counted"}
	case k.Current > k.Stuck:
		return Retire{Answer: No, Reason: many(k.Current-k.Stuck, "object") + " to sweep"}
	case k.Stuck > 0:
		return Retire{Answer: No, Reason: many(k.Stuck, "object") + " locked or archived"}
	case k.Noncurrent > 0:
		return Retire{Answer: No, Reason: many(k.Noncurrent, "noncurrent version")}
	case s.Failed > 0:
		return Retire{Answer: Unknown, Reason: many(s.Failed, "version") + " not looked at"}
	case s.Unreadable > 0:
		return Retire{Answer: No, Reason: many(s.Unreadable, "version") + " opened by no key"}
	case now.Before(quiet):
		return Retire{Answer: Later, Reason: "a put may still be under way", From: quiet}
	}
	return Retire{Answer: Yes}
}
