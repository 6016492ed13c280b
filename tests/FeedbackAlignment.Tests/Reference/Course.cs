namespace FeedbackAlignment.Tests.Reference;

/// <summary>What a training went through: the loss of each step, and the weights after it.</summary>
internal sealed class Course
{
    /// <summary>From 1 to 2 in single precision: rounding moves a number by at most half of it, relatively.</summary>
    private const double Unit = 1.0 / (1 << 23);

    /// <summary>
    /// Roundings of half a unit that stand behind a number besides those of its sum: of a derivative, a mean, a step, and of e^x, which is
    /// within two units.
    /// </summary>
    private const int RoundingsBesides = 8;

    /// <summary>
    /// A tolerance beyond this share of the greatest number could take a rule for another: there a long training, in which what rounding
    /// does grows with every step, is no more compared.
    /// </summary>
    private const double Vague = 0.01;

    /// <summary>Steps that must be compared, or all.</summary>
    private const int AtLeast = 20;

    private readonly List<Dictionary<string, double[,]>> _steps = [];

    public void Add(double loss, IEnumerable<(string Name, double[,] Values)> weights)
        => _steps.Add(weights.Append(("the loss", new[,] { { loss } })).ToDictionary(numbers => numbers.Item1, numbers => numbers.Item2));

    /// <summary>
    /// Fails unless a training in single precision goes the way of the engine's, in its losses and its weights after every step.
    /// </summary>
    /// <remarks>
    /// What rounding may do is measured. A sum of products that was rounded on the way is the exact sum of factors that are off by no
    /// more than the roundings. So the engine trains again a few times, with weights, inputs and all that layers give off by half a unit,
    /// up or down. The library may be as many times as far from the engine as the farthest of these has been until then as there are
    /// roundings behind a number; and, for what depends on none of these, so many roundings of the greatest number, and one more at each
    /// step.
    /// </remarks>
    public static void AssertAgree(Lesson lesson)
    {
        var (library, engine) = (lesson.TaughtByTheLibrary(), lesson.TaughtByTheEngine());
        var (random, roundings) = (new Random(1), lesson.LongestSum + RoundingsBesides);
        double Touched(double value) => value * (1 + (random.Next(2) - 0.5) * Unit);
        Course[] touched = [.. Enumerable.Range(0, 4).Select(_ => lesson.TaughtByTheEngine(Touched))];
        Assert.Equal(engine._steps.Count, library._steps.Count);
        Dictionary<string, double> spread = [];
        for (var step = 0; step < engine._steps.Count; step++)
        {
            var actual = library._steps[step];
            Assert.Equal(engine._steps[step].Keys.Order(), actual.Keys.Order());
            foreach (var (name, expected) in engine._steps[step])
            {
                var farthest = touched.Max(other => other._steps[step][name].Minus(expected).Greatest());
                spread[name] = Math.Max(farthest, spread.GetValueOrDefault(name));
                var tolerance = roundings * spread[name] + Unit / 2 * (roundings + step) * expected.Greatest();
                if (tolerance > Vague * expected.Greatest())
                {
                    Assert.True(step >= AtLeast, $"{lesson}: {name} may be {tolerance:g2} off after step {step + 1}, which shows nothing");
                    return;
                }

                foreach (var (place, off) in actual[name].Minus(expected).Values().Index())
                {
                    Assert.True(
                        Math.Abs(off) <= tolerance,
                        $"{lesson}: number {place} of {name} is {off:g2} off the engine's after step {step + 1}, more than {tolerance:g2}");
                }
            }
        }
    }
}
