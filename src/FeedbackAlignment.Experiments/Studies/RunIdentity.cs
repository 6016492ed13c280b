using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FeedbackAlignment.Experiments.Runs;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Experiments.Studies;

/// <summary>
/// What makes a run the run it is: every setting that changes a bit of its weights or its metrics, the data, the initial weights, and the
/// arithmetic. Two runs of one identity are equal, so one of them is enough. The name of an experiment, threads and paths are no part of
/// it.
/// </summary>
public static class RunIdentity
{
    /// <summary>
    /// Counts the arithmetics of the library. Other golden bits are another number, so that runs from before are not taken for runs of
    /// now; a test holds it to the approved bits.
    /// </summary>
    public const int Numerics = 1;

    /// <summary>
    /// Counts the forms of the text below, and the defaults that it leaves out. Another default is another number; a test holds it to the
    /// defaults.
    /// </summary>
    public const int Form = 1;

    /// <summary>The kind of arithmetic of this process, which its runs have.</summary>
    public static string Arithmetic => ArithmeticOfProcess.Word(Compute.Arithmetic);

    /// <summary>Hexadecimal digits of a name: 128 bits.</summary>
    internal const int Digits = 32;

    /// <summary>The name of a run: the first half of the SHA-256 of its identity.</summary>
    /// <param name="spec">The complete spec of its experiment.</param>
    /// <param name="key">Rule and seed.</param>
    /// <param name="data">SHA-256 of the data.</param>
    /// <param name="components">What the spec can name.</param>
    public static string Name(ExperimentSpec spec, RunKey key, string data, Components components)
        => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(spec, key, data, components))))[..Digits];

    /// <summary>The identity as canonical JSON.</summary>
    /// <param name="spec">The complete spec of its experiment.</param>
    /// <param name="key">Rule and seed.</param>
    /// <param name="data">SHA-256 of the data.</param>
    /// <param name="components">What the spec can name.</param>
    public static string Text(ExperimentSpec spec, RunKey key, string data, Components components)
    {
        var identity = new JsonObject
        {
            ["form"] = Form,
            ["numerics"] = Numerics,
            ["arithmetic"] = Arithmetic,
            ["data"] = data,
            ["settings"] = SettingsOf(spec, key, components),
        };
        if (OwnParts.Version(components) is { } own)
        {
            identity["program"] = own;
        }

        return CanonicalJson.Write(identity);
    }

    /// <summary>The settings alone, as canonical JSON: the same for two runs that differ at most in data and arithmetic.</summary>
    /// <param name="spec">The complete spec of its experiment.</param>
    /// <param name="key">Rule and seed.</param>
    /// <param name="components">What the spec can name.</param>
    public static string Settings(ExperimentSpec spec, RunKey key, Components components)
        => CanonicalJson.Write(SettingsOf(spec, key, components));

    /// <summary>
    /// The spec of a run, for it alone: without what other rules and seeds of its experiment have, and what changes nothing for it.
    /// </summary>
    /// <param name="spec">The complete spec of its experiment.</param>
    /// <param name="key">Rule and seed.</param>
    /// <param name="components">What the spec can name.</param>
    internal static ExperimentSpec Alone(ExperimentSpec spec, RunKey key, Components components)
    {
        var rules = RulesOf(spec, key);
        return WithoutIdle(spec, rules, components) with
        {
            Rules = [key.Rule],
            Seeds = [key.Seed],
            RuleSettings = spec.RuleSettings.Where(own => rules.Contains(own.Key)).ToDictionary(),
            Tuning = null,
            Study = null,
        };
    }

    private static JsonObject SettingsOf(ExperimentSpec spec, RunKey key, Components components)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(components);
        var alone = WithoutIdle(WithOwnSettings(spec, key), RulesOf(spec, key), components);
        return CanonicalJson.WithoutDefaults(alone with
        {
            Format = ExperimentSpec.CurrentFormat,
            Name = new ExperimentSpec().Name,
            Rules = [key.Rule],
            Seeds = [key.Seed],
            Data = new(),
            Network = alone.Network with
            {
                Layers = NetworkPlan.Parse(alone.Network.Layers!, components.Parts).ToString(),
                Initialization = alone.Network.Initialization with { From = null },
            },
            Feedback = alone.Feedback with { From = null },
            Training = alone.Training with { Threads = null, Parallel = ParallelIds.Batches },
            Tuning = null,
            Study = null,
        });
    }

    private static string[] RulesOf(ExperimentSpec spec, RunKey key)
        => [key.Rule, .. (spec.Training.Phases ?? []).Select(phase => phase.Rule).OfType<string>()];

    /// <summary>The spec without settings of feedback weights that its rules do not have or do not learn.</summary>
    private static ExperimentSpec WithoutIdle(ExperimentSpec spec, string[] rules, Components components) => spec with
    {
        Feedback = SettingsWithoutEffect.IsFeedback(rules, components) ? new() : spec.Feedback,
        Optimizer = spec.Optimizer with
        {
            Feedback = SettingsWithoutEffect.IsFeedbackRate(rules, components) ? new()
                : spec.Optimizer.Feedback.WeightDecay == spec.Optimizer.WeightDecay ? spec.Optimizer.Feedback with { WeightDecay = null }
                : spec.Optimizer.Feedback,
        },
    };

    /// <summary>
    /// What <c>ruleSettings</c> say of a single rule stands where the experiment says the same, so that it does not matter where it was
    /// written. With phases, several rules have settings.
    /// </summary>
    private static ExperimentSpec WithOwnSettings(ExperimentSpec spec, RunKey key)
    {
        var rules = RulesOf(spec, key);
        var settings = spec.RuleSettings.Where(own => rules.Contains(own.Key)).ToDictionary();
        if (spec.Training.Phases is not null || settings.GetValueOrDefault(key.Rule) is not { } mine)
        {
            return spec with { RuleSettings = settings };
        }

        return spec with
        {
            Optimizer = spec.Optimizer with
            {
                LearningRate = mine.LearningRate ?? spec.Optimizer.LearningRate,
                Feedback = spec.Optimizer.Feedback with
                {
                    LearningRateFactor = mine.FeedbackLearningRateFactor ?? spec.Optimizer.Feedback.LearningRateFactor,
                },
            },
            Feedback = spec.Feedback with { Scale = mine.FeedbackScale ?? spec.Feedback.Scale },
            RuleSettings = mine.Options.Count == 0 ? new Dictionary<string, RuleSettings>()
                : new Dictionary<string, RuleSettings> { [key.Rule] = new() { Options = mine.Options } },
        };
    }
}
