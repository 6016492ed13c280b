using FeedbackAlignment.Experiments.Specs;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>A stage of a search.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Trials">Trials of each rule on it.</param>
/// <param name="Examples">Examples of each training on it.</param>
/// <param name="HasOwn">Whether one of them is the spec's own setting, which has no rung before.</param>
internal sealed record Rung(int Number, int Trials, long Examples, bool HasOwn = false)
{
    private const int MostTrials = 100_000;

    /// <summary>
    /// The stages of a tuning. A random search has one of full trainings. Successive halving (Jamieson &amp; Talwalkar 2016) spends about
    /// as much on each rung: n trials in full on the last, η n of 1/η the length on the one before it, and on the first what the others
    /// leave of the budget. So all of it is spent, but for what is lost where a length is no whole number. The spec's own setting has one
    /// full training of the budget; where what is left is too little for every rung, the shortest falls away.
    /// </summary>
    /// <param name="tuning">A valid tuning.</param>
    /// <param name="fullExamples">Examples of a full training.</param>
    /// <exception cref="SpecException">The trainings of the first rung would have no example, or be too many.</exception>
    public static IReadOnlyList<Rung> Of(TuningSpec tuning, long fullExamples)
    {
        if (tuning.Method == TuningMethodIds.Random)
        {
            return [new(1, tuning.Trials, fullExamples, tuning.TriesOwnSetting)];
        }

        var own = tuning.TriesOwnSetting ? 1 : 0;
        var searched = tuning.Trials - own;
        var first = Math.Max(0, tuning.Rungs - searched);

        // In units of the shortest training.
        var shares = new int[tuning.Rungs];
        shares[0] = 1;
        for (var rung = 1; rung < shares.Length; rung++)
        {
            shares[rung] = checked(shares[rung - 1] * tuning.Eta);
        }

        var full = shares[^1];
        if (fullExamples < full)
        {
            throw new SpecException(
                [new("tuning.rungs",
                    $"{tuning.Rungs} rungs of eta {tuning.Eta} divide a training by {full}, but it has {fullExamples} examples; use "
                    + "fewer rungs")]);
        }

        var trials = new int[shares.Length];
        var left = (long)searched * full;
        for (var rung = shares.Length - 1; rung > first; rung--)
        {
            trials[rung] = searched / (tuning.Rungs - first) * (full / shares[rung]);
            left -= (long)trials[rung] * shares[rung];
        }

        trials[first] = left <= MostTrials ? (int)(left / shares[first])
            : throw new SpecException(
                [new("tuning.rungs",
                    $"the first of {tuning.Rungs} rungs of eta {tuning.Eta} would have {left} trials for each rule, more than "
                    + $"{MostTrials}; use fewer rungs")]);
        trials[^1] += own;
        return
        [
            .. trials.Select((count, rung) => new Rung(rung + 1, count, (long)((Int128)fullExamples * shares[rung] / full))
                { HasOwn = own > 0 && rung == shares.Length - 1 }).Skip(first),
        ];
    }
}
