using FeedbackAlignment.Experiments.Specs.Fields;

namespace FeedbackAlignment.Experiments.Specs;

/// <summary>How the settings of rules are searched, on validation examples only. Only <c>fa tune</c> reads it.</summary>
public sealed record TuningSpec
{
    /// <summary>The search.</summary>
    [OneOf(typeof(TuningMethodIds))]
    public string Method { get; init; } = TuningMethodIds.Random;

    /// <summary>
    /// The budget of each rule, in full trainings for each of <see cref="TrialSeeds"/>. <c>random</c> makes this many trials. The first
    /// is the spec's own setting, trial 0.
    /// </summary>
    [Bounds(AtLeast = 1, AtMost = 10000)]
    public int Trials { get; init; } = 12;

    /// <summary>Seed that determines which settings are tried. It affects nothing else.</summary>
    [Bounds(AtLeast = 0)]
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// Root seeds of the search. The error of a trial is the mean over them. None may be in <c>seeds</c> or <see cref="FinalSeeds"/>.
    /// Null: 101, or the next free number.
    /// </summary>
    [NotEmpty, Distinct, Bounds(AtLeast = 0)]
    public IReadOnlyList<ulong>? TrialSeeds { get; init; }

    /// <summary>
    /// Root seeds that choose between the finalists of the search, on validation. None may be in <c>seeds</c> or
    /// <see cref="TrialSeeds"/>. Null: five free numbers from 201.
    /// </summary>
    [AtLeastTwo, Distinct, Bounds(AtLeast = 0)]
    public IReadOnlyList<ulong>? FinalSeeds { get; init; }

    /// <summary>
    /// For <c>successive-halving</c>: a rung has this many times the trials of the next rung, and each is shorter by this factor.
    /// </summary>
    [Bounds(AtLeast = 2, AtMost = 10)]
    public int Eta { get; init; } = 3;

    /// <summary>For <c>successive-halving</c>: the number of rungs. Trainings on the last rung are full trainings.</summary>
    [Bounds(AtLeast = 2, AtMost = 8)]
    public int Rungs { get; init; } = 3;

    /// <summary>
    /// The range of each searched setting: <c>learningRate</c>, <c>feedbackScale</c>, <c>feedbackLearningRateFactor</c>, or
    /// <c>options.NAME</c> for an option of a rule. A rule ignores settings that it does not have. Null: the learning rate from 1/50 to
    /// 20 times that of the spec, the feedback scale from 1/10 to 10 times.
    /// </summary>
    [SettingKeys]
    public IReadOnlyDictionary<string, RangeSpec>? Space { get; init; }

    /// <summary>Settings of the search for single rules, by rule id.</summary>
    [RuleKeys]
    public IReadOnlyDictionary<string, RuleTuningSpec> Rules { get; init; } = new Dictionary<string, RuleTuningSpec>();

    /// <summary>
    /// Of a complete tuning: whether the spec's own setting is trial 0. A tuning that version 0.1 began has neither it nor final seeds.
    /// </summary>
    internal bool TriesOwnSetting => FinalSeeds is not null;
}

/// <summary>The search for one rule.</summary>
public sealed record RuleTuningSpec
{
    /// <summary>The ranges for this rule. They replace <c>tuning.space</c> entirely.</summary>
    [SettingKeys]
    public IReadOnlyDictionary<string, RangeSpec> Space { get; init; } = new Dictionary<string, RangeSpec>();
}

/// <summary>The range of a searched setting.</summary>
public sealed record RangeSpec
{
    /// <summary>The lower end. Required.</summary>
    [Bounds(AtLeast = -1e12, AtMost = 1e12)]
    public required double From { get; init; }

    /// <summary>The upper end. Required.</summary>
    [Bounds(AtLeast = -1e12, AtMost = 1e12)]
    public required double To { get; init; }

    /// <summary>The scale on which values are spread over the range.</summary>
    [OneOf(typeof(RangeScaleIds))]
    public string Scale { get; init; } = RangeScaleIds.Log;

    /// <summary>
    /// The number at a share of the way from the lower end to the upper, in few digits, so that it is the same on every machine.
    /// </summary>
    /// <param name="share">0 … 1.</param>
    internal double At(double share)
    {
        var exact = Scale == RangeScaleIds.Log ? From * Math.Pow(To / From, share) : From + share * (To - From);
        return Math.Clamp(Rounding.ToDigits(exact, Scale == RangeScaleIds.Log ? 4 : 6), From, To);
    }

    /// <summary>The share of the way at which a number lies.</summary>
    /// <param name="value">From <see cref="From"/> to <see cref="To"/>.</param>
    internal double ShareOf(double value) => Scale == RangeScaleIds.Log ? Math.Log(value / From) / Math.Log(To / From) : (value - From) / (To - From);
}
