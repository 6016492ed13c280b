using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>One <see cref="Gradient"/> for each parameter of a network, and of a rule that learns weights of its own.</summary>
public sealed class Gradients
{
    private readonly Dictionary<Parameter, Gradient> _byParameter;
    private readonly Gradient[] _all;

    /// <summary>Makes room for the gradients of these parameters.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="compute">Does the products.</param>
    public Gradients(IEnumerable<Parameter> parameters, Compute compute)
    {
        Parameter[] all = [.. parameters];
        var areFar = all.Sum(parameter => (long)parameter.Rows * parameter.Columns) >= Memory.FarFloats;
        _all = [.. all.Select(parameter => new Gradient(this, parameter, compute, areFar))];
        _byParameter = _all.ToDictionary(gradient => gradient.Parameter);
        foreach (var (place, gradient) in _all.Index())
        {
            gradient.Parameter.LikelyPlace = place;
        }
    }

    /// <summary>Makes sums over examples instead of means, in given memory: someone else divides them.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="compute">Does the products.</param>
    /// <param name="memory">For each parameter a matrix of its shape and order.</param>
    internal Gradients(IReadOnlyList<Parameter> parameters, Compute compute, IReadOnlyList<Matrix> memory)
        : this(parameters, compute)
    {
        AreSums = true;
        for (var i = 0; i < memory.Count; i++)
        {
            _all[i].Memory = memory[i];
        }
    }

    /// <summary>All gradients, in the order of the parameters.</summary>
    public ReadOnlySpan<Gradient> All => _all;

    /// <summary>
    /// By what sums over the rows of a batch are divided: the number of examples that count, however many rows an example has. 0 where
    /// each row is an example.
    /// </summary>
    internal float Examples { get; private set; }

    /// <summary>Whether gradients are sums over the examples, of which somebody else makes a mean.</summary>
    internal bool AreSums { get; }

    /// <summary>
    /// How many rows stand for an example where a mean is over the rows of several passes; 1 but for the rule that says so, for its batch.
    /// </summary>
    internal int Passes { get; set; } = 1;

    /// <summary>By what a sum over the examples of the batch is divided.</summary>
    internal float ExampleDivisor => Passes * (AreSums ? 1 : Examples);

    /// <summary>
    /// By what a module divides a sum over the rows of an error, for its own gradients are means over examples: the number of examples
    /// that count, which may be fewer than the rows. 1 where somebody else divides, as for the groups of a batch.
    /// </summary>
    /// <param name="error">The error whose rows are summed.</param>
    public float Divisor(in Matrix error) => Examples == 0 && !AreSums ? error.Rows : ExampleDivisor;

    /// <summary>The gradient of one parameter.</summary>
    /// <param name="parameter">One of the parameters this was made for.</param>
    /// <exception cref="ArgumentException">It was not made for that parameter.</exception>
    public Gradient this[Parameter parameter]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(parameter);
            var place = parameter.LikelyPlace;
            if ((uint)place < (uint)_all.Length && _all[place].Parameter == parameter)
            {
                return _all[place];
            }

            return _byParameter.TryGetValue(parameter, out var gradient) ? gradient : throw new ArgumentException($"there is no gradient for {parameter}", nameof(parameter));
        }
    }

    /// <summary>Says of every parameter that there is no gradient.</summary>
    public void Clear() => Begin(examples: 0);

    /// <summary>Says of every parameter that there is no gradient, and by what the next ones' sums are divided.</summary>
    /// <param name="examples">The number of examples; 0: each row of an error is one.</param>
    internal void Begin(int examples)
    {
        (Examples, Passes) = (examples, 1);
        foreach (var gradient in _all)
        {
            gradient.Clear();
        }
    }
}
