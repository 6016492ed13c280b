using FeedbackAlignment.Experiments.Records;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>
/// The stages of a tuning, for all rules at once: the rungs of the search, the choice between finalists, the report. Each has seeds of
/// its own, and the next begins when all trainings of the one before are done.
/// </summary>
/// <param name="plan">What it trains.</param>
/// <param name="trainings">Carries the trainings out.</param>
/// <param name="courses">The rules.</param>
/// <param name="observer">Watches.</param>
/// <param name="cancellation">Stops all trainings between two steps.</param>
internal sealed class TuningStages(
    TuningPlan plan, TrialTrainings trainings, IReadOnlyList<RuleCourse> courses, TuningObserver observer, CancellationToken cancellation)
{
    /// <summary>Carries out what is not done.</summary>
    /// <returns>Whether all is done.</returns>
    public bool Run()
    {
        Plan(_ => plan.MostFinals + plan.MostReported);
        if (!plan.Rungs.All(rung => Train(rung, plan.TrialSeeds, course => plan.Chosen(rung, course.Trials), course => course.Trials)))
        {
            return false;
        }

        Plan(course => Finals(course) + plan.MostReported);
        if (plan.FinalSeeds.Count > 0 && !Train(plan.Last, plan.FinalSeeds, course => course.Finalists, course => course.Finals))
        {
            return false;
        }

        foreach (var course in courses)
        {
            course.Choose();
        }

        Plan(course => Finals(course) + course.ToReport.Count * plan.ReportSeeds.Count);
        return plan.FinalSeeds.Count == 0 || Train(plan.Last, plan.ReportSeeds, course => course.ToReport, course => course.Reported);
    }

    private int Finals(RuleCourse course) => course.Finalists.Count * plan.FinalSeeds.Count;

    private void Plan(Func<RuleCourse, int> beyondSearch)
    {
        foreach (var course in courses)
        {
            observer.OnPlanned(course.Rule, plan.Trainings + beyondSearch(course));
        }
    }

    /// <returns>Whether all trainings of the stage are done.</returns>
    private bool Train(
        Rung rung, IReadOnlyList<ulong> seeds, Func<RuleCourse, IReadOnlyList<int>> chosen, Func<RuleCourse, List<TrialRecord>> results)
    {
        var trials = courses.ToDictionary(course => course.Rule, chosen);
        var done = trainings.Train(rung, seeds, trials, observer, cancellation);
        foreach (var course in courses)
        {
            results(course).AddRange(done[course.Rule]);
        }

        return trials.All(rule => rule.Value.Count == done[rule.Key].Count);
    }
}
