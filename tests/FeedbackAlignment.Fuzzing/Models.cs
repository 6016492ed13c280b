using System.Buffers.Binary;
using System.Text;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments;
using FeedbackAlignment.Experiments.Exchange;
using FeedbackAlignment.Networks;

namespace FeedbackAlignment.Fuzzing;

/// <summary>Safetensors files, and what reads networks from them.</summary>
internal static class Models
{
    /// <summary>Every type of numbers, blanks behind the header, a single number, metadata.</summary>
    public static IEnumerable<byte[]> Tensors()
    {
        yield return File("""{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F64","shape":[2],"data_offsets":[24,40]}}""", 40);
        yield return File("""{"__metadata__":{"format":"pt"},"h":{"dtype":"F16","shape":[2,1,2],"data_offsets":[4,12]},"g":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}  """, 12);
        yield return File("""{"steps":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4);
        yield return File("{}", 0);
    }

    /// <summary>Networks of ours, with and without biases and connections, chains and trees, and one of somebody else.</summary>
    public static IEnumerable<byte[]> Networks()
    {
        yield return Saved(Network.Mlp("784-1-10", seed: 1));
        yield return Saved(Network.Mlp("4-3-2", seed: 1, new() { Bias = false }));
        yield return Saved(
            Network.Mlp("4-3-3-2", seed: 1,
                new() { Connectivity = new Dictionary<string, Connectivity> { ["hidden2"] = Connectivity.InputsPerUnit(2) } }));
        yield return Saved(NetworkPlan.Parse(
            "4, dense 3, batch-norm, leaky-relu 0.2, residual(dense 2 gelu, dense 3, layer-norm | dense 3), dropout 0.5, dense 2")
                .Build(seed: 1));
        yield return Saved(NetworkPlan.Parse(
            "2x4x4, conv 3x3 2 groups 2, batch-norm, relu, residual(conv 3x3 4 stride 2 | pad-shortcut 4 stride 2), max-pool 2, dense 2")
                .Build(seed: 1));
        yield return Saved(NetworkPlan.Parse("784, dense 2, layer-norm, silu, dense 10").Build(seed: 1));
        yield return File("""{"fc1.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"fc1.bias":{"dtype":"F16","shape":[3],"data_offsets":[24,30]},"out.weight":{"dtype":"BF16","shape":[2,3],"data_offsets":[30,42]}}""", 42);
    }

    /// <summary>The network of <see cref="State"/>.</summary>
    public static NetworkPlan Planned { get; } = NetworkPlan.Parse(
        "2x4x4, conv 3x3 2 groups 2, batch-norm, relu, conv 1x1 3, max-pool 2, dense 2");

    /// <summary>A network of pictures by PyTorch's names, without the plan.</summary>
    public static IEnumerable<byte[]> State()
    {
        using var stream = new MemoryStream();
        new SafetensorsFile(Planned.Build(seed: 1).ToTensors(TensorNaming.PyTorch)).Write(stream);
        yield return stream.ToArray();
    }

    /// <summary>What <c>fa import</c> has written.</summary>
    public static byte[] Imported(string folder)
    {
        var (file, imported) = (Path.Combine(folder, "model.safetensors"), Path.Combine(folder, "imported"));
        if (!Directory.Exists(imported))
        {
            System.IO.File.WriteAllBytes(file, Saved(Network.Mlp("784-1-10", seed: 1)));
            ModelImport.Run(file, hidden: null, output: null, data: null, imported, Components.Standard);
        }

        return System.IO.File.ReadAllBytes(Path.Combine(imported, StoredModel.WeightsName));
    }

    /// <summary>As <c>fa import</c> does.</summary>
    public static void Import(byte[] bytes, string place)
    {
        var (file, imported) = (Path.Combine(place, "model.safetensors"), Path.Combine(place, "imported"));
        System.IO.File.WriteAllBytes(file, bytes);
        try
        {
            ModelImport.Run(file, hidden: null, output: null, data: null, imported, Components.Standard);
        }
        finally
        {
            if (Directory.Exists(imported))
            {
                Directory.Delete(imported, recursive: true);
            }
        }
    }

    /// <summary>As <c>fa evaluate</c> does.</summary>
    public static void Open(byte[] bytes, string place)
    {
        var file = Path.Combine(place, "stored.safetensors");
        System.IO.File.WriteAllBytes(file, bytes);
        StoredModel.Open(file, Components.Standard);
    }

    private static byte[] Saved(Network network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    private static byte[] File(string header, int bytes)
    {
        var length = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, Encoding.UTF8.GetByteCount(header));
        return [.. length, .. Encoding.UTF8.GetBytes(header), .. Enumerable.Range(0, bytes).Select(i => (byte)(i % 60))];
    }
}
