using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Networks;

/// <summary>
/// Turns pictures that come channel by channel (channels × height × width, as data have them) into positions × channels, as a network has
/// them. With one channel the two are the same, and nothing is copied.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="picture">The shape of the pictures.</param>
public sealed class FromPlanes(string name, Shape picture) : Module(name, Shape.Flat(picture.Size), picture)
{
    /// <summary>What it is called in a plan, where it is the first module.</summary>
    internal const string DefaultName = "planes";

    /// <inheritdoc/>
    public override string Kind => "from-planes";

    /// <inheritdoc/>
    public override ModuleRun Begin(RunSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        return new FromPlanesRun(To, To.Channels == 1 ? default : new Matrix(setup.MaxBatch, To.Size));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: pictures of {To}";
}

/// <summary>The beginning of a network of pictures in one pass.</summary>
/// <param name="picture">The shape of the pictures.</param>
/// <param name="output">maxBatch × numbers of a picture; of no size where nothing is copied.</param>
internal sealed class FromPlanesRun(Shape picture, Matrix output) : ModuleRun
{
    private readonly int _positions = picture.Height * picture.Width;

    /// <inheritdoc/>
    public override void Forward(Matrix input, PassMode mode)
    {
        if (output.Rows == 0)
        {
            Output = input;
            return;
        }

        Output = output.Top(input.Rows);
        for (var example = 0; example < input.Rows; example++)
        {
            Turn(input.Row(example), Output.Row(example), _positions, picture.Channels);
        }
    }

    /// <inheritdoc/>
    public override Matrix Backward(Matrix error, Walk walk, bool isWanted)
    {
        if (!isWanted || output.Rows == 0)
        {
            return error;
        }

        // What was computed is not needed any more.
        var planes = output.Top(error.Rows);
        for (var example = 0; example < error.Rows; example++)
        {
            Turn(error.Row(example), planes.Row(example), picture.Channels, _positions);
        }

        return planes;
    }

    /// <inheritdoc/>
    internal override void ReleaseInput() => Output = output.Rows == 0 ? default : Output;

    /// <summary>to[j, i] = from[i, j].</summary>
    /// <param name="from">columns × rows numbers.</param>
    /// <param name="to">rows × columns numbers.</param>
    /// <param name="rows">Rows of what is made.</param>
    /// <param name="columns">Its columns.</param>
    private static void Turn(ReadOnlySpan<float> from, Span<float> to, int rows, int columns)
    {
        for (var column = 0; column < columns; column++)
        {
            var line = from.Slice(column * rows, rows);
            for (var (row, place) = (0, column); row < line.Length; row++, place += columns)
            {
                to[place] = line[row];
            }
        }
    }
}
