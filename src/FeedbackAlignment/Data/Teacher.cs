using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data;

/// <summary>
/// A regression task: a random fixed network, the teacher, answers normally distributed inputs, and a student learns to answer
/// like it. Tasks 1 and 3 of Lillicrap et al. (2014). Computed in <see cref="double"/> with arithmetic that is the same on every
/// platform, then rounded.
/// </summary>
public sealed class Teacher
{
    private readonly RandomStreams _streams;
    private readonly double[][,] _weights;
    private readonly double[][] _biases;

    private Teacher(ulong seed, IReadOnlyList<int> sizes, double scale, bool hasBiases)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count < 2 || sizes.Any(size => size < 1))
        {
            throw new ArgumentException($"a teacher needs at least two layer sizes, each at least 1, had {string.Join('-', sizes)}", nameof(sizes));
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(scale);
        Sizes = [.. sizes];
        _streams = new RandomStreams(seed).Child(RandomStreams.Data).Child("teacher");
        var stream = _streams.Stream("parameters");
        _weights = new double[sizes.Count - 1][,];
        _biases = new double[sizes.Count - 1][];
        for (var layer = 0; layer < _weights.Length; layer++)
        {
            _weights[layer] = new double[sizes[layer + 1], sizes[layer]];
            _biases[layer] = new double[sizes[layer + 1]];
            for (var unit = 0; unit < sizes[layer + 1]; unit++)
            {
                for (var input = 0; input < sizes[layer]; input++)
                {
                    _weights[layer][unit, input] = scale * (2 * stream.NextDouble() - 1);
                }

                _biases[layer][unit] = hasBiases ? scale * (2 * stream.NextDouble() - 1) : 0;
            }
        }
    }

    /// <summary>Layer sizes from input to output.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>y = T x, the entries of T uniform in ± <paramref name="scale"/>.</summary>
    /// <param name="seed">The root seed. Any value.</param>
    /// <param name="inputs">Numbers in an input, ≥ 1.</param>
    /// <param name="outputs">Numbers in an answer, ≥ 1.</param>
    /// <param name="scale">Half-width of the weights, &gt; 0.</param>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive.</exception>
    public static Teacher Linear(ulong seed, int inputs, int outputs, double scale = 1) => new(seed, [inputs, outputs], scale, hasBiases: false);

    /// <summary>A network with tanh hidden layers and linear output; weights and biases uniform in ± <paramref name="scale"/>.</summary>
    /// <param name="seed">The root seed. Any value.</param>
    /// <param name="sizes">Layer sizes from input to output, at least two, each ≥ 1.</param>
    /// <param name="scale">Half-width of weights and biases, &gt; 0.</param>
    /// <exception cref="ArgumentException">There are fewer than two sizes, or one is below 1.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The scale is not positive.</exception>
    public static Teacher Tanh(ulong seed, IReadOnlyList<int> sizes, double scale = 1) => new(seed, sizes, scale, hasBiases: true);

    /// <summary>Training, validation and test examples, each from a stream of their own.</summary>
    /// <param name="train">How many training examples, ≥ 1.</param>
    /// <param name="validation">How many validation examples, ≥ 1.</param>
    /// <param name="test">How many test examples, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public DataSplit DrawSplit(int train, int validation, int test) => new(Draw("train", train), Draw("validation", validation), Draw("test", test));

    /// <summary>The first <paramref name="count"/> examples of a part: x ~ N(0, I) and the teacher's answer.</summary>
    /// <param name="part">Name of the part: other names, other examples.</param>
    /// <param name="count">How many, ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is below 1.</exception>
    public DataSet Draw(string part, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var stream = _streams.Stream($"inputs/{part}");
        var inputs = new Matrix(count, Sizes[0]);
        var targets = new Matrix(count, Sizes[^1]);
        for (var example = 0; example < count; example++)
        {
            var input = new double[Sizes[0]];
            for (var number = 0; number < input.Length; number++)
            {
                // The student sees floats; the teacher answers just these.
                input[number] = inputs[example, number] = (float)stream.NextNormal();
            }

            var answer = Answer(input);
            for (var number = 0; number < answer.Length; number++)
            {
                targets[example, number] = (float)answer[number];
            }
        }

        return new DataSet(inputs, targets);
    }

    private double[] Answer(double[] signal)
    {
        for (var layer = 0; layer < _weights.Length; layer++)
        {
            var isHidden = layer < _weights.Length - 1;
            var next = new double[Sizes[layer + 1]];
            for (var unit = 0; unit < next.Length; unit++)
            {
                var sum = _biases[layer][unit];
                for (var input = 0; input < signal.Length; input++)
                {
                    sum += _weights[layer][unit, input] * signal[input];
                }

                next[unit] = isHidden ? HyperbolicTangent.Of(sum) : sum;
            }

            signal = next;
        }

        return signal;
    }
}
