using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;

namespace FeedbackAlignment.Experiments.Benchmarks;

/// <summary>What the processor calls itself.</summary>
internal static class ProcessorName
{
    private const int Highest = int.MinValue, FirstPart = Highest + 2, LastPart = Highest + 4;

    /// <summary>The name, e.g. <c>AMD EPYC 9654</c>; the architecture where the processor does not say.</summary>
    public static string OfThisMachine()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(Highest, 0).Eax is >= 0 or < LastPart)
        {
            return RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();
        }

        var bytes = new List<byte>();
        for (var part = FirstPart; part <= LastPart; part++)
        {
            var (a, b, c, d) = X86Base.CpuId(part, 0);
            bytes.AddRange([.. BitConverter.GetBytes(a), .. BitConverter.GetBytes(b), .. BitConverter.GetBytes(c), .. BitConverter.GetBytes(d)]);
        }

        return Encoding.ASCII.GetString([.. bytes]).Trim('\0', ' ');
    }
}
