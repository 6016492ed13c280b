namespace FeedbackAlignment.Reports;

/// <summary>What the measured angles say about random feedback, and nothing that they do not say.</summary>
/// <param name="Title">The heading above the charts.</param>
/// <param name="Finding">What was found.</param>
internal sealed record AlignmentText(string Title, string Finding)
{
    /// <summary>An angle below this, with its interval, has left the neighborhood of 90°.</summary>
    private const double Aligned = 80;

    /// <summary>The heading and the finding for the rows of a page.</summary>
    public static AlignmentText Of(IReadOnlyList<ComparisonRow> rows)
    {
        var random = rows.Where(row => row.HasFixedFeedback && row.Angles.Any(angle => angle.Degrees is not null)).ToList();
        if (random.Count == 0)
        {
            return new AlignmentText("How the errors compare with backpropagation’s", "");
        }

        var aligned = random.Where(IsAligned).ToList();
        var others = random.Where(IsNearRandom).ToList();
        List<ComparisonRow> open = [.. random.Except(aligned).Except(others)];
        var works = aligned.Where(row => Evidence.Beats(row) == Learned.Yes).ToList();
        List<string> sentences = [];
        if (aligned.Count > 0)
        {
            sentences.Add($"By the end of training the angle had fallen to {Range(aligned)} for {Names(aligned)}.");
            var unlearned = aligned.Where(row => Evidence.Beats(row) == Learned.NoEvidence).ToList();
            sentences.Add(works.Count > 0 ? "The random feedback had become useful, though it never changed."
                : unlearned.Count > 0 ? $"Yet there is no evidence that {Names(unlearned)} learned anything." : "");
        }

        if (others.Count > 0)
        {
            sentences.Add($"For {Names(others)} the angle in at least one hidden layer was still near 90° or above it at the end ({Range(others)}): there the feedback was little better than a random direction.");
        }

        if (open.Count > 0)
        {
            sentences.Add(
                $"For {Names(open)} the mean angle was {Range(open)} at the end, but the seeds differ too much to say that it fell.");
        }

        return new AlignmentText(
            works.Count > 0 ? "Why random feedback works" : aligned.Count > 0 ? "What became of the random feedback"
                : open.Count > 0 ? "How the random feedback compares with backpropagation’s" : "The random feedback did not align",
            string.Join(' ', sentences.Where(sentence => sentence.Length > 0)));
    }

    private static bool IsAligned(ComparisonRow row) => row.Angles.All(angle => angle.Degrees is not { } degrees || degrees.Mean + (degrees.HalfWidth ?? 0) < Aligned);

    private static bool IsNearRandom(ComparisonRow row) => row.Angles.Any(angle => angle.Degrees is { Mean: >= Aligned });

    private static string Range(List<ComparisonRow> rows)
    {
        List<double> degrees = [.. rows.SelectMany(row => row.Angles).Select(angle => angle.Degrees?.Mean).OfType<double>()];
        var (least, most) = (NumberText.Format(degrees.Min(), "0"), NumberText.Format(degrees.Max(), "0"));
        return least == most ? $"{least}°" : $"{least}° to {most}°";
    }

    private static string Names(List<ComparisonRow> rows) => Sentence.List([.. rows.Select(row => row.RuleName).Distinct()]);
}
