namespace FeedbackAlignment.Numerics;

/// <summary>One number of a kernel, along one axis.</summary>
/// <param name="Kernel">Its place in the kernel.</param>
/// <param name="Source">How far from a target's own source position it finds what it is multiplied with.</param>
internal readonly record struct AxisTap(int Kernel, int Source);

/// <summary>Targets along one axis that meet the same numbers of the kernel.</summary>
/// <param name="Targets">Their positions.</param>
/// <param name="Sources">For each, its position in the source with its margins.</param>
/// <param name="Taps">The numbers that they meet, in the order of the sum.</param>
internal sealed record AxisPhase(int[] Targets, int[] Sources, AxisTap[] Taps);

/// <summary>How the positions of a picture meet those of another along one axis.</summary>
/// <param name="Before">Positions of zeros that the source needs before its first.</param>
/// <param name="After">Positions of zeros that it needs after its last.</param>
/// <param name="Phases">The targets, by the numbers that they meet.</param>
internal sealed record Axis(int Before, int After, AxisPhase[] Phases)
{
    /// <summary>From inputs to outputs.</summary>
    /// <param name="input">Positions of the input.</param>
    /// <param name="output">Positions of the output.</param>
    /// <param name="kernel">Numbers of the kernel.</param>
    /// <param name="stride">Positions of the input from one output to the next.</param>
    /// <param name="padding">Positions of zeros on each side.</param>
    /// <param name="dilation">Positions of the input from one number to the next.</param>
    public static Axis Forward(int input, int output, int kernel, int stride, int padding, int dilation)
    {
        var after = (output - 1) * stride - padding + dilation * (kernel - 1) - (input - 1);
        return new(padding, Math.Max(0, after),
        [
            new([.. Enumerable.Range(0, output)], [.. Enumerable.Range(0, output).Select(position => position * stride)],
                [.. Enumerable.Range(0, kernel).Select(place => new AxisTap(place, place * dilation))]),
        ]);
    }

    /// <summary>
    /// From errors at outputs to errors at inputs. Input y meets output (y + padding − dilation · place) ∕ stride where that is whole:
    /// which numbers of the kernel these are depends on y modulo the stride. From the last number to the first the outputs ascend.
    /// </summary>
    /// <param name="input">Positions of the input.</param>
    /// <param name="output">Positions of the output.</param>
    /// <param name="kernel">Numbers of the kernel.</param>
    /// <param name="stride">Positions of the input from one output to the next.</param>
    /// <param name="padding">Positions of zeros on each side.</param>
    /// <param name="dilation">Positions of the input from one number to the next.</param>
    public static Axis Backward(int input, int output, int kernel, int stride, int padding, int dilation)
    {
        var phases = Enumerable.Range(0, Math.Min(stride, input)).Select(phase =>
        {
            var count = (input - phase + stride - 1) / stride;
            return new AxisPhase(
                [.. Enumerable.Range(0, count).Select(step => phase + step * stride)],
                [.. Enumerable.Range(0, count)],
                [.. Enumerable.Range(0, kernel).Reverse().Where(place => (phase + padding - dilation * place) % stride == 0)
                    .Select(place => new AxisTap(place, (phase + padding - dilation * place) / stride))]);
        }).ToArray();
        var met = phases.SelectMany(phase => phase.Taps.SelectMany(tap => phase.Sources.Select(source => source + tap.Source))).ToArray();
        var before = Math.Max(0, -met.DefaultIfEmpty(0).Min());
        return new(before, Math.Max(0, met.DefaultIfEmpty(0).Max() - (output - 1)),
            [.. phases.Select(phase => phase with { Taps = [.. phase.Taps.Select(tap => tap with { Source = tap.Source + before })] })]);
    }
}
