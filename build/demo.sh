#!/bin/bash
# Brings up a lab host called luna, runs Bridgekeeper on it as on a real host, and shows what it does. `demo.sh down` ends it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

lab=test/lab/lab
host=luna
port=6443
# On the lab host, whose /var is its own: it is gone with the host.
data=/var/lib/bridgekeeper
# The kubectl that the tests use too.
kubectl=$(node_modules/node/bin/node -e "import('./test/contract/kubectl.ts').then(({ kubectlPath }) => console.log(kubectlPath()))")
export PATH=$PWD/bin:$(dirname "$kubectl"):$PATH
export KUBECONFIG=$data/admin.kubeconfig

on_host() { "$lab" exec "$host" -- "$@"; }

# Prints the line that a person would type, and runs it on the host.
show() {
  printf '\n\033[1mluna# %s\033[0m\n' "$*"
  on_host "$@"
}

say() { printf '\n\033[36m── %s\033[0m\n' "$*"; }

fail() {
  echo "demo: $*" >&2
  on_host tail -n 20 /var/log/bridgekeeper.log >&2 2>/dev/null || true
  exit 1
}

# Runs "$@" until it succeeds, for at most ten seconds.
until_ok() {
  local end=$((SECONDS + 10))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || return 1
    sleep 0.1
  done
}

down() { "$lab" list 2>/dev/null | grep "^$host[[:space:]]" >/dev/null && "$lab" down "$host"; }

if [[ ${1:-} == down ]]; then
  down && echo "The demo's host is gone." || echo "There is no demo running."
  exit 0
fi

down || true
say 'A host of its own: Open vSwitch, libvirt, QEMU and netplan, apart from this machine’s'
echo "\$ $lab up $host"
"$lab" up "$host"
on_host bash -c "exec setsid bridgekeeper serve --data-dir $data --listen 127.0.0.1:$port --host-name $host >/var/log/bridgekeeper.log 2>&1 </dev/null &"
until_ok on_host bridgectl version || fail 'the daemon did not come up; its log says why'
echo "luna# bridgekeeper serve --data-dir $data --listen 127.0.0.1:$port --host-name $host &"

say 'The manifests of the founding document, applied'
started=$(date +%s%N)
show bridgectl apply -f examples/luna/
show bridgectl wait --for=condition=Ready --all host,bridge,vlanport,portgroup,virtualmachine --timeout=60s
printf 'All Ready %d.%01d s after apply began.\n' $((($(date +%s%N) - started) / 1000000000)) $((($(date +%s%N) - started) / 100000000 % 10))

say 'What the API says'
for kind in hosts bridges vlanports portgroups virtualmachines; do show bridgectl get "$kind" -o wide; done

say 'What the host says'
show ovs-vsctl show
show virsh net-dumpxml switch-lunabr
show virsh list --all
show ip -j addr show dev vnet100

say 'It is 3 a.m., and somebody moves the host’s own port into another VLAN'
show ovs-vsctl set port vnet100 tag=200
until_ok on_host bash -c 'test "$(ovs-vsctl get port vnet100 tag)" = 100' || fail 'the tag was not put back'
show ovs-vsctl get port vnet100 tag
until_ok on_host bash -c 'bridgectl get driftreports -o yaml | grep -q tag=200' || fail 'no DriftReport names the command'
show bridgectl get driftreports
show bridgectl get driftreports -o yaml

cat <<END

── Yours to play with. A shell on the host:

  $lab exec $host -- bash

and there:

  export KUBECONFIG=$KUBECONFIG PATH=\$PWD/bin:$(dirname "${kubectl#"$PWD"/}" | sed 's#^#$PWD/#'):\$PATH
  bridgectl get bridgekeeper
  bridgectl describe vlanport vnet100
  kubectl get vlanports -w
  kubectl patch portgroup vlan-100 --type=merge -p '{"spec":{"vlan":{"tag":3}}}'
  ovs-vsctl del-port vnet100; bridgectl events

To stop it:

  make demo-down
END
