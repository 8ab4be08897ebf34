package secretsmanager

import (
	"regexp"
	"strconv"
	"time"
)

// rotation is how, and whether, a secret is rotated.
type rotation struct {
	function string // ARN of the rotation function
	rules    *rotationRules
	enabled  bool
	running  bool // a rotation function works on the secret right now
	last     time.Time
	next     time.Time
}

// rotationRules are when a secret is to be rotated.
type rotationRules struct {
	AutomaticallyAfterDays *int    `json:",omitempty"`
	Duration               *string `json:",omitempty"`
	ScheduleExpression     *string `json:",omitempty"`
}

var (
	rateForm     = regexp.MustCompile(`^rate\((\d+) (hour|hours|day|days)\)$`)
	cronForm     = regexp.MustCompile(`^cron\((\S+ ){5}\S+\)$`)
	durationForm = regexp.MustCompile(`^[0-9]{1,2}h$`)
)

// check refuses rules that can't be.
//
// Source: API reference, RotationRulesType.
func (r *rotationRules) check() error {
	switch {
	case r.AutomaticallyAfterDays != nil && r.ScheduleExpression != nil:
		return invalidParameter("You can't specify both AutomaticallyAfterDays and ScheduleExpression in RotationRules.")
	case r.AutomaticallyAfterDays != nil && (*r.AutomaticallyAfterDays < 1 || *r.AutomaticallyAfterDays > 1000):
		return invalidParameter("RotationRules.AutomaticallyAfterDays must be within 1-1000.")
	case r.ScheduleExpression != nil && !rateForm.MatchString(*r.ScheduleExpression) && !cronForm.MatchString(*r.ScheduleExpression):
		return invalidParameter("RotationRules.ScheduleExpression %q is neither rate(...) nor cron(...).", *r.ScheduleExpression)
	case r.Duration != nil && !durationForm.MatchString(*r.Duration):
		return invalidParameter("RotationRules.Duration %q is not a number of hours such as 3h.", *r.Duration)
	}
	return nil
}

// next is the date of the rotation after the given one; zero if the rules don't
// say, or say it by cron, which nothing here reads.
func (r *rotationRules) next(after time.Time) time.Time {
	if r == nil {
		return time.Time{}
	}
	if r.AutomaticallyAfterDays != nil {
		return after.AddDate(0, 0, *r.AutomaticallyAfterDays)
	}
	if r.ScheduleExpression != nil {
		if m := rateForm.FindStringSubmatch(*r.ScheduleExpression); m != nil {
			n, err := strconv.Atoi(m[1])
			if err != nil {
				return time.Time{}
			}
			if m[2][0] == 'h' {
				return after.Add(time.Duration(n) * time.Hour)
			}
			return after.AddDate(0, 0, n)
		}
	}
	return time.Time{}
}
