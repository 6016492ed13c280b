namespace FeedbackAlignment.Tests.Reference;

/// <summary>The numbers of an optimizer, as the papers call them. What is left out has no effect.</summary>
/// <param name="Kind"><c>sgd</c>, <c>nesterov</c>, <c>rmsprop</c> or <c>adam</c>.</param>
internal sealed record OptimizerNumbers(string Kind)
{
    public double Momentum { get; init; }

    public double Rho { get; init; }

    public double Beta1 { get; init; }

    public double Beta2 { get; init; }

    public double Epsilon { get; init; }

    public double Decay { get; init; }

    /// <summary>Whether weights shrink by the decay itself at each step, not by the decay times the learning rate.</summary>
    public bool DecaysPerStep { get; init; }

    public bool BiasesDecay { get; init; }

    /// <summary>Whether λ w is added to the gradient, and goes where that goes, instead of shrinking the weight.</summary>
    public bool DecayIsInTheGradient { get; init; }

    /// <summary>Whether only the signs of the gradient count; decay is added to them.</summary>
    public bool TakesSigns { get; init; }

    /// <summary>The greatest length of all gradients together: longer ones are made so long.</summary>
    public double Clip { get; init; } = double.PositiveInfinity;
}

/// <summary>How a gradient becomes a step, as the papers write it: one number after another.</summary>
internal sealed class PlainOptimizer(OptimizerNumbers numbers)
{
    private readonly Dictionary<(Weight, int, int), (double First, double Second, int Steps)> _memory = [];

    /// <summary>Moves the weights that have a gradient; others neither move nor decay.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="rate">η.</param>
    /// <param name="measured">Those whose gradients together may be no longer than <see cref="OptimizerNumbers.Clip"/>; null: all.</param>
    public void Step(IReadOnlyList<Weight> weights, double rate, IReadOnlyList<Weight>? measured = null)
    {
        var moved = weights.Where(weight => weight.Gradient is not null).ToArray();
        var length = Math.Sqrt(moved.Intersect(measured ?? weights).Sum(weight => weight.Gradient!.Values().Sum(g => g * g)));
        var shortened = Math.Min(1, numbers.Clip / (length + 1e-6));
        foreach (var weight in moved)
        {
            var decay = weight.Decays || numbers.BiasesDecay ? weight.OwnDecay ?? numbers.Decay : 0;
            var own = rate * weight.RateFactor;
            var kept = numbers.DecayIsInTheGradient ? 1 : 1 - decay * (numbers.DecaysPerStep ? 1 : own);
            var added = numbers.DecayIsInTheGradient ? decay : 0;
            var gradient = numbers.TakesSigns ? weight.Gradient!.Map(g => Math.Sign(g)) : weight.Gradient!.Map(g => shortened * g);
            weight.Values = Table.Make(weight.Values.Rows(), weight.Values.Columns(), (row, column) => kept * weight.Values[row, column]
                - own * Direction((weight, row, column), gradient[row, column] + added * weight.Values[row, column]));
        }
    }

    private double Direction((Weight, int, int) place, double g)
    {
        var (first, second, steps) = _memory.GetValueOrDefault(place);
        steps++;
        double direction;
        switch (numbers.Kind)
        {
            case "sgd":
                direction = first = numbers.Momentum * first + g;
                break;
            case "nesterov":
                first = numbers.Momentum * first + g;
                direction = g + numbers.Momentum * first;
                break;
            case "rmsprop":
                second = numbers.Rho * second + (1 - numbers.Rho) * g * g;
                direction = g / (Math.Sqrt(second) + numbers.Epsilon);
                break;
            case "adam":
                first = numbers.Beta1 * first + (1 - numbers.Beta1) * g;
                second = numbers.Beta2 * second + (1 - numbers.Beta2) * g * g;
                var (mean, square) = (first / (1 - Math.Pow(numbers.Beta1, steps)), second / (1 - Math.Pow(numbers.Beta2, steps)));
                direction = mean / (Math.Sqrt(square) + numbers.Epsilon);
                break;
            default:
                throw new ArgumentException(numbers.Kind);
        }

        _memory[place] = (first, second, steps);
        return direction;
    }
}
