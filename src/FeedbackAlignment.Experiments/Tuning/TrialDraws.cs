using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Tuning;

/// <summary>
/// The settings of trials: points of a Halton sequence, which fills a space more evenly than independent draws, shifted (modulo 1) by one
/// random number for each rule and setting (Cranley &amp; Patterson 1976). A trial's settings depend on its number and on nothing that
/// other trials or rules do.
/// </summary>
/// <param name="tuning">A complete tuning.</param>
/// <param name="rules">The rules there are.</param>
internal sealed class TrialDraws(TuningSpec tuning, RuleCatalog rules)
{
    private static readonly int[] _primes = [2, 3, 5, 7, 11, 13, 17, 19];

    private readonly RandomStreams _streams = new RandomStreams(tuning.Seed).Child("tuning");

    /// <summary>The settings of a trial.</summary>
    /// <param name="rule">The id of the rule.</param>
    /// <param name="trial">The trial's number, from 1.</param>
    public IReadOnlyDictionary<string, double> Settings(string rule, int trial) => TuningSpace.Of(tuning, rule, rules).Index().ToDictionary(
        place => place.Item.Key,
        place => Value(rules.Get(rule), place.Item.Key, place.Item.Value, _primes[place.Index], trial));

    private double Value(RuleEntry rule, string setting, RangeSpec range, int prime, int trial)
    {
        var shift = _streams.Child(rule.Id).Stream(setting).NextDouble();
        var value = range.At((RadicalInverse(trial - 1, prime) + shift) % 1);
        return Tunable.Of(setting, rules)!.IsWhole(rule) ? Math.Round(value) : value;
    }

    /// <summary>The digits of a number behind the point, in reverse.</summary>
    private static double RadicalInverse(int number, int prime)
    {
        var (inverse, place) = (0.0, 1.0 / prime);
        for (var rest = number; rest > 0; rest /= prime)
        {
            inverse += rest % prime * place;
            place /= prime;
        }

        return inverse;
    }
}
