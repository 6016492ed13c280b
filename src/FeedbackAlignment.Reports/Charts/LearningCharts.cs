namespace FeedbackAlignment.Reports.Charts;

/// <summary>Learning curves.</summary>
internal static class LearningCharts
{
    public static IReadOnlyList<ChartGroup> Draw(IReadOnlyList<(RuleResults Results, SeriesStyle Style)> rules)
    {
        List<Chart> charts = [];
        foreach (var task in rules.GroupBy(rule => rule.Results.Experiment.Data.Classification).OrderByDescending(task => task.Key))
        {
            charts.AddRange(ValidationError([.. task], task.Key));
        }

        charts.AddRange(TrainingLoss(rules));
        return charts.Count == 0 ? [] :
        [
            new ChartGroup(
                "learning",
                "Learning curves",
                "Left to right is training, downward is better. The network never learns from validation examples: their error shows whether it learned "
                + "something general or only memorized. The training loss is what training tries to lower.",
                charts),
        ];
    }

    private static IEnumerable<Chart> ValidationError(IReadOnlyList<(RuleResults Results, SeriesStyle Style)> rules, bool classification)
    {
        var factor = classification ? 100 : 1;
        List<RuleCurve> curves =
        [
            .. rules.Select(rule => RuleCurve.Of(rule.Results, rule.Style, run => run.Curve.Select(point => new Reading(point.Examples, factor * point.ValidationError))))
                .Where(curve => curve.HasData),
        ];
        return curves.Count == 0 ? [] : new LineChart
        {
            Id = classification ? "validation-error" : "validation-error-regression",
            Title = classification ? "Validation error" : "Validation error (squared)",
            VerticalTitle = classification ? "misclassified, %" : "normalized squared error",
            Curves = curves,
        }.Draw();
    }

    private static IEnumerable<Chart> TrainingLoss(IReadOnlyList<(RuleResults Results, SeriesStyle Style)> rules)
    {
        // Losses of different kinds have no common scale.
        foreach (var kind in rules.GroupBy(rule => rule.Results.Experiment.Spec.Loss))
        {
            List<RuleCurve> curves =
            [
                .. kind.Select(rule => RuleCurve.Of(rule.Results, rule.Style, run => run.Curve.Where(point => point.TrainLoss is not null).Select(point => new Reading(point.Examples, point.TrainLoss))))
                    .Where(curve => curve.HasData),
            ];
            if (curves.Count > 0)
            {
                var chart = new LineChart { Id = $"training-loss-{kind.Key}", Title = "Training loss", VerticalTitle = kind.Key!.Replace('-', ' '), Curves = curves };
                foreach (var part in chart.Draw())
                {
                    yield return part;
                }
            }
        }
    }
}
