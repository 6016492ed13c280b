using FeedbackAlignment.Numerics;
using static System.FormattableString;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Which connections a layer has. A connection that is missing is missing for good: its weight is exactly 0, has a gradient of 0, and no
/// optimizer moves it. Weights are drawn as if all were there, so those of the connections that are left do not depend on which are
/// missing.
/// </summary>
public sealed class Connectivity
{
    private readonly Action<Matrix, RandomStream> _mark;

    private Connectivity(string description, Action<Matrix, RandomStream> mark) => (Description, _mark) = (description, mark);

    /// <summary>In words and numbers, e.g. <c>a random 0.5 of the connections</c>.</summary>
    public string Description { get; }

    /// <summary>
    /// Each connection is there with this probability, whatever the others: the number there are varies, and where few are left a unit may
    /// have none. With the same random numbers a larger share keeps all that a smaller one does.
    /// </summary>
    /// <param name="share">Probability in (0, 1]; 1: all.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not in (0, 1].</exception>
    public static Connectivity Random(double share)
    {
        if (share is not (> 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(share), share, "the share of connections that are kept must be in (0, 1]");
        }

        return new(Invariant($"a random {share} of the connections"), (mask, random) =>
        {
            for (var unit = 0; unit < mask.Rows; unit++)
            {
                foreach (ref var connection in mask.Row(unit))
                {
                    connection = random.NextDouble() < share ? 1 : 0;
                }
            }
        });
    }

    /// <summary>
    /// Every unit sees only n inputs, and the units take them in turn: unit i has inputs i·n … i·n + n − 1, counted modulo the number of
    /// inputs. Nothing in it is random.
    /// </summary>
    /// <param name="inputs">n ≥ 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is below 1.</exception>
    public static Connectivity InputsPerUnit(int inputs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        return new(Invariant($"{inputs} inputs per unit, in turn"), (mask, _) =>
        {
            if (inputs > mask.Columns)
            {
                throw new ArgumentException($"{inputs} inputs per unit are more than the {mask.Columns} that there are", nameof(inputs));
            }

            for (var unit = 0; unit < mask.Rows; unit++)
            {
                for (var input = 0; input < inputs; input++)
                {
                    mask[unit, (int)(((long)unit * inputs + input) % mask.Columns)] = 1;
                }
            }
        });
    }

    /// <summary>
    /// Every input goes to exactly n of the units, any n with equal chances. Of a feedback matrix, errors × units, it is the columns that
    /// are units: each gets n errors.
    /// </summary>
    /// <param name="errors">n, 1 … the number of rows.</param>
    internal static Connectivity ErrorsPerUnit(int errors) => new(Invariant($"{errors} errors per unit"), (mask, random) =>
    {
        for (var unit = 0; unit < mask.Columns; unit++)
        {
            // Selection sampling: each row in turn is taken with the chance that is left for it, so that exactly n are.
            for (var (row, wanted) = (0, errors); row < mask.Rows; row++)
            {
                if (random.NextDouble() * (mask.Rows - row) < wanted)
                {
                    mask[row, unit] = 1;
                    wanted--;
                }
            }
        }
    });

    /// <summary>Chooses the connections of a layer.</summary>
    /// <param name="outputs">Units of the layer, ≥ 1.</param>
    /// <param name="inputs">Its inputs, ≥ 1.</param>
    /// <param name="random">The stream to draw from.</param>
    /// <returns>outputs × inputs: 1 where there is a connection, 0 where there is none.</returns>
    /// <exception cref="ArgumentException">A unit cannot have as many inputs.</exception>
    public Matrix Lay(int outputs, int inputs, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var mask = new Matrix(outputs, inputs);
        _mark(mask, random);
        return mask;
    }

    /// <inheritdoc/>
    public override string ToString() => Description;
}
